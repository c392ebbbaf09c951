using System.Buffers;
using System.Runtime.InteropServices;

namespace Twins.Contracts.Json;

/// <summary>The names seen in each object of a text that is being normalised, to find those that come twice.</summary>
internal ref struct NameSet
{
    private const int InitialSlots = 64;

    private int[] _slots;
    private Entry[] _entries;
    private int _mask;
    private int _count;

    public NameSet()
    {
        _slots = ArrayPool<int>.Shared.Rent(InitialSlots);
        _entries = ArrayPool<Entry>.Shared.Rent(InitialSlots / 2);
        _mask = InitialSlots - 1;
        _count = 0;
        Array.Clear(_slots, 0, InitialSlots);
    }

    /// <summary>Adds a name; false if the object has it already.</summary>
    /// <param name="scope">Which object.</param>
    /// <param name="output">The canonical text so far.</param>
    /// <param name="start">Where the canonical name is in it.</param>
    /// <param name="length">How long it is.</param>
    internal bool Add(int scope, ReadOnlySpan<byte> output, int start, int length)
    {
        var name = output.Slice(start, length);
        var builder = default(HashCode);
        builder.Add(scope);
        builder.AddBytes(name);
        var hash = builder.ToHashCode();

        var slot = hash & _mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            var entry = _entries[_slots[slot] - 1];
            if (entry.Hash == hash && entry.Scope == scope && output.Slice(entry.Start, entry.Length).SequenceEqual(name))
            {
                return false;
            }
        }

        // Slots hold the entry's place plus one, 0 being free.
        _entries[_count++] = new Entry(scope, start, length, hash);
        _slots[slot] = _count;
        if (_count * 2 > _mask)
        {
            Grow();
        }

        return true;
    }

    private void Grow()
    {
        var size = (_mask + 1) * 2;
        var entries = ArrayPool<Entry>.Shared.Rent(size / 2 + 1);
        _entries.AsSpan(0, _count).CopyTo(entries);
        ArrayPool<Entry>.Shared.Return(_entries);
        ArrayPool<int>.Shared.Return(_slots);
        _entries = entries;
        _slots = ArrayPool<int>.Shared.Rent(size);
        Array.Clear(_slots, 0, size);
        _mask = size - 1;
        for (var entry = 0; entry < _count; entry++)
        {
            var slot = _entries[entry].Hash & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = entry + 1;
        }
    }

    /// <summary>Gives the arrays back to the pool.</summary>
    public readonly void Dispose()
    {
        ArrayPool<int>.Shared.Return(_slots);
        ArrayPool<Entry>.Shared.Return(_entries);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Scope, int Start, int Length, int Hash);
}
