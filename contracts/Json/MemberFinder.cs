using System.Buffers;
using System.Numerics;

namespace Twins.Contracts.Json;

/// <summary>
/// Finds the members of one object by name. Looks first where the last find ended, because two versions of a
/// document mostly have their members in the same order; a large object gets a hash table at the first miss, so
/// that no pair of documents costs the product of their members.
/// </summary>
internal ref struct MemberFinder
{
    // Comparing this many names costs about as much as hashing one and renting the table.
    private const int LinearUpTo = 16;

    private readonly ReadOnlySpan<byte> _text;
    private readonly JsonRow[]? _rows;
    private readonly int _row;
    private int _expected;
    private int[]? _slots;
    private int _mask;

    internal MemberFinder(ReadOnlySpan<byte> text, JsonRow[] rows, int row)
    {
        _text = text;
        _rows = rows;
        _row = row;
        _expected = row + 1;
    }

    /// <summary>The row of the member with this name (with its quotes), or -1.</summary>
    internal int Find(ReadOnlySpan<byte> name)
    {
        if (_rows is null || _rows[_row].Count == 0)
        {
            return -1;
        }

        var end = _rows[_row].Next;
        if (_expected < end && IsNamed(_expected, name))
        {
            return Found(_expected);
        }

        return _rows[_row].Count > LinearUpTo ? FindHashed(name) : FindLinear(name, end);
    }

    private int FindLinear(ReadOnlySpan<byte> name, int end)
    {
        for (var row = _row + 1; row < end; row = _rows![row].Next)
        {
            if (IsNamed(row, name))
            {
                return Found(row);
            }
        }

        return -1;
    }

    private int FindHashed(ReadOnlySpan<byte> name)
    {
        if (_slots is null)
        {
            Index();
        }

        for (var slot = Hash(name) & _mask; _slots![slot] != 0; slot = (slot + 1) & _mask)
        {
            if (IsNamed(_slots[slot], name))
            {
                return Found(_slots[slot]);
            }
        }

        return -1;
    }

    private void Index()
    {
        // Rows of members are never 0, the root, so 0 means free. At most half full.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)_rows![_row].Count * 2);
        _slots = ArrayPool<int>.Shared.Rent(size);
        Array.Clear(_slots, 0, size);
        _mask = size - 1;
        for (var row = _row + 1; row < _rows[_row].Next; row = _rows[row].Next)
        {
            var slot = Hash(_text.Slice(_rows[row].NameStart, _rows[row].NameLength)) & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = row;
        }
    }

    // HashCode is seeded per process: a sender can not choose names that collide.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private readonly bool IsNamed(int row, ReadOnlySpan<byte> name) =>
        _rows![row].NameLength == name.Length && _text.Slice(_rows[row].NameStart, name.Length).SequenceEqual(name);

    private int Found(int row)
    {
        _expected = _rows![row].Next;
        return row;
    }

    /// <summary>Gives the hash table back to the pool.</summary>
    public void Dispose()
    {
        if (_slots is not null)
        {
            ArrayPool<int>.Shared.Return(_slots);
            _slots = null;
        }
    }
}
