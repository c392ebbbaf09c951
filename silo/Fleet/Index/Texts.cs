using System.Buffers.Binary;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Distinct texts in UTF-8, each with a code that stays its own until it is removed. Codes are handed out from 0 and used again. The
/// bytes lie one behind the other in chunks; a garbage collector sees a few arrays whatever their number.
/// </summary>
internal sealed class Texts
{
    // Below 85,000 bytes, where arrays become a matter of the large object heap.
    private const int ChunkBits = 15;
    private const int ChunkSize = 1 << ChunkBits;
    private const uint NoText = uint.MaxValue;
    private const int LongLength = 4;
    private const byte LongMark = 0x80;

    private readonly Stack<int> _free = new();
    private List<byte[]> _chunks = [];
    private int _used = ChunkSize;
    private uint[] _starts = [];
    private int[] _slots = new int[16];

    // Of chunks, of the texts that were put into them, and of those of them that were removed.
    private long _allocated;
    private long _bytes;
    private long _dead;

    /// <summary>Texts in it.</summary>
    public int Count { get; private set; }

    /// <summary>All codes are below.</summary>
    public int Codes { get; private set; }

    /// <summary>Memory it holds, in bytes.</summary>
    public long Bytes => _allocated + ((_starts.Length + _slots.Length) * 4L);

    public bool Has(int code) => code < Codes && _starts[code] != NoText;

    public ReadOnlySpan<byte> this[int code] => Read(_chunks, _starts[code]);

    /// <summary>The number of a cell that is a number (<see cref="Cell.IsNumber"/>, <see cref="Cell.IsInteger"/>).</summary>
    public QueryNumber NumberOf(ulong cell) =>
        !Cell.IsInteger(cell) ? QueryNumber.Of(Cell.NumberOf(cell))
            : QueryNumber.TryRead(this[Cell.CodeOf(cell)], out var number) ? number
            : throw new InvalidOperationException("The cell is no integer of this table.");

    /// <summary>The cell of a number, which is added if need be.</summary>
    public ulong CellOf(QueryNumber number)
    {
        if (number.Remainder == 0)
        {
            return Cell.Number(number.Nearest);
        }

        Span<byte> bytes = stackalloc byte[QueryNumber.Bytes];
        number.WriteTo(bytes);
        return Cell.Integer(Add(bytes));
    }

    /// <summary>The cell of a number; <see cref="Cell.None"/> if no twin has it.</summary>
    public ulong FindCell(QueryNumber number)
    {
        if (number.Remainder == 0)
        {
            return Cell.Number(number.Nearest);
        }

        Span<byte> bytes = stackalloc byte[QueryNumber.Bytes];
        number.WriteTo(bytes);
        return Find(bytes) is >= 0 and var code ? Cell.Integer(code) : Cell.None;
    }

    /// <summary>The code of a text; -1 for one that is not in it.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var mask = _slots.Length - 1;
        for (var slot = Hash(text) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (this[_slots[slot] - 1].SequenceEqual(text))
            {
                return _slots[slot] - 1;
            }
        }

        return -1;
    }

    /// <summary>The code of a text, which is added if need be.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(text) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (this[_slots[slot] - 1].SequenceEqual(text))
            {
                return _slots[slot] - 1;
            }
        }

        if (!_free.TryPop(out var code))
        {
            code = Codes++;
            if (code == _starts.Length)
            {
                Array.Resize(ref _starts, Math.Max(16, code + (code / 4)));
            }
        }

        _starts[code] = Append(text);
        _slots[slot] = code + 1;
        Count++;
        if (Count * 4L > _slots.Length * 3L)
        {
            Rehash(_slots.Length * 2);
        }

        return code;
    }

    public void Remove(int code)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(this[code]) & mask;
        while (_slots[slot] != code + 1)
        {
            slot = (slot + 1) & mask;
        }

        Close(slot, mask);
        _dead += Size(this[code].Length);
        _starts[code] = NoText;
        _free.Push(code);
        Count--;
        if (_dead > ChunkSize && _dead > _bytes / 2)
        {
            Compact();
        }
    }

    // Linear probing without marks for what was removed: what comes behind moves up, unless it is where it belongs.
    private void Close(int hole, int mask)
    {
        for (var slot = (hole + 1) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var home = Hash(this[_slots[slot] - 1]) & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask))
            {
                _slots[hole] = _slots[slot];
                hole = slot;
            }
        }

        _slots[hole] = 0;
    }

    private void Rehash(int size)
    {
        _slots = new int[size];
        for (var code = 0; code < Codes; code++)
        {
            if (_starts[code] != NoText)
            {
                var slot = Hash(this[code]) & (size - 1);
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & (size - 1);
                }

                _slots[slot] = code + 1;
            }
        }
    }

    private void Compact()
    {
        var old = _chunks;
        var starts = _starts;
        (_chunks, _used, _allocated, _bytes, _dead) = ([], ChunkSize, 0, 0, 0);
        _starts = new uint[starts.Length];
        for (var code = 0; code < Codes; code++)
        {
            _starts[code] = starts[code] == NoText ? NoText : Append(Read(old, starts[code]));
        }

        var slots = 16;
        while (Count * 4L > slots * 3L)
        {
            slots *= 2;
        }

        Rehash(slots);
    }

    private static ReadOnlySpan<byte> Read(List<byte[]> chunks, uint start)
    {
        var text = chunks[(int)(start >> ChunkBits)].AsSpan((int)(start & (ChunkSize - 1)));
        return text[0] < LongMark
            ? text.Slice(1, text[0])
            : text.Slice(LongLength, (int)(BinaryPrimitives.ReadUInt32BigEndian(text) & 0x7FFF_FFFF));
    }

    private uint Append(ReadOnlySpan<byte> text)
    {
        // A text that is longer than a chunk has one of its own, and starts at its beginning as the first of a chunk does.
        var size = Size(text.Length);
        if (_used + size > ChunkSize)
        {
            _chunks.Add(new byte[Math.Max(ChunkSize, size)]);
            _allocated += _chunks[^1].Length;
            _used = 0;
        }

        var start = ((uint)(_chunks.Count - 1) << ChunkBits) | (uint)_used;
        var place = _chunks[^1].AsSpan(_used);
        if (text.Length < LongMark)
        {
            place[0] = (byte)text.Length;
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, (uint)text.Length | 0x8000_0000);
        }

        text.CopyTo(place[(size - text.Length)..]);
        _used += size;
        _bytes += size;
        return start;
    }

    private static int Size(int length) => length < LongMark ? 1 + length : LongLength + length;

    // HashCode is seeded per process: a sender can not choose texts that collide.
    private static int Hash(ReadOnlySpan<byte> text)
    {
        var hash = default(HashCode);
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}
