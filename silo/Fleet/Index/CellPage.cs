using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// The cells of 256 rows in one column. Only those that are there take memory, one behind the other: with all rows 4 or 8 bytes
/// each, with few of them little more. Which row a cell belongs to, a bitmap says.
/// </summary>
/// <remarks>
/// Cells are kept in 32 bits while all of a page can be: as <see cref="Cell.TryNarrow"/> says, or, for whole numbers such as times, as
/// what they are more than a number that the page has in common. Else all of the page are in 64.
/// </remarks>
internal sealed class CellPage
{
    internal const int RowBits = 8;
    internal const int Rows = 1 << RowBits;
    internal const int Words = Rows / 64;

    // With so few of 64 rows to look at, one by one is cheaper than all.
    private const int Few = 6;
    private const long Half = 1L << 31;

    private PageRows _rows;
    private uint[] _narrow = [];
    private ulong[]? _wide;

    // What narrow cells are relative to; none if they are narrow by themselves.
    private long? _base;

    public int Count { get; private set; }

    /// <summary>Memory it holds, in bytes.</summary>
    public long Bytes => 120 + (_narrow.Length * 4) + (_wide is null ? 0 : 24 + (_wide.Length * 8));

    public ulong this[int row] => (_rows[row >> 6] & (1UL << row)) == 0 ? Cell.None : Read(Rank(row));

    /// <summary>Puts a cell that is not <see cref="Cell.None"/>.</summary>
    public void Set(int row, ulong cell)
    {
        var at = Rank(row);
        var isNew = (_rows[row >> 6] & (1UL << row)) == 0;
        _rows[row >> 6] |= 1UL << row;
        Count += isNew ? 1 : 0;
        uint narrow = 0;
        if (Count == 1 || (_wide is null && !TryEncode(cell, out narrow)))
        {
            Repack(at, isNew, cell);
        }
        else if (_wide is not null)
        {
            Put(ref _wide, at, isNew, cell);
        }
        else
        {
            Put(ref _narrow, at, isNew, narrow);
        }
    }

    /// <summary>Takes out a cell that is there.</summary>
    public void Clear(int row)
    {
        var at = Rank(row);
        _rows[row >> 6] &= ~(1UL << row);
        Count--;
        if (_wide is not null)
        {
            TakeOut(ref _wide, at);
        }
        else
        {
            TakeOut(ref _narrow, at);
        }
    }

    /// <summary>Which of some rows have a cell at all.</summary>
    public void Present(ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        for (var word = 0; word < Words; word++)
        {
            result[word] = _rows[word] & among[word];
        }
    }

    /// <summary>For which of some rows a test holds.</summary>
    /// <param name="test">The test.</param>
    /// <param name="oneByOne">Cells can be of several values, which are not tested together with others.</param>
    /// <param name="among">The rows, <see cref="Words"/> of them; may be the same as the result.</param>
    /// <param name="result">Rows for which it holds.</param>
    public void Select(CellTest test, bool oneByOne, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        var start = 0;
        for (var word = 0; word < Words; word++)
        {
            var rows = _rows[word];
            var wanted = rows & among[word];
            var count = BitOperations.PopCount(rows);
            result[word] = wanted == 0 ? 0
                : oneByOne || BitOperations.PopCount(wanted) <= Few ? SelectOneByOne(test, rows, wanted, start)
                : Spread(Test(test, start, count), rows) & wanted;
            start += count;
        }
    }

    /// <summary>Marks the codes of texts.</summary>
    public void MarkTexts(ulong[] marks)
    {
        for (var at = 0; at < Count && _base is null; at++)
        {
            var cell = Read(at);
            if (Cell.HasCode(cell))
            {
                marks[Cell.CodeOf(cell) >> 6] |= 1UL << Cell.CodeOf(cell);
            }
        }
    }

    /// <summary>Gives all rows, counted from the page's first, and their cells.</summary>
    public void CopyTo(Span<int> rows, Span<ulong> cells)
    {
        var at = 0;
        for (var word = 0; word < Words; word++)
        {
            for (var bits = _rows[word]; bits != 0; bits &= bits - 1)
            {
                rows[at] = (word * 64) + BitOperations.TrailingZeroCount(bits);
                cells[at] = Read(at);
                at++;
            }
        }
    }

    private ulong SelectOneByOne(CellTest test, ulong rows, ulong wanted, int start)
    {
        var result = 0UL;
        for (var bits = wanted; bits != 0; bits &= bits - 1)
        {
            var bit = bits & (0 - bits);
            if (test.Holds(Read(start + BitOperations.PopCount(rows & (bit - 1)))))
            {
                result |= bit;
            }
        }

        return result;
    }

    private ulong Test(CellTest test, int start, int count) =>
        _wide is not null ? test.Holding(_wide.AsSpan(start, count))
        : _base is { } offset ? test.Holding(_narrow.AsSpan(start, count), offset)
        : test.Holding(_narrow.AsSpan(start, count));

    // The n-th bit to where the n-th row is.
    private static ulong Spread(ulong bits, ulong rows)
    {
        if (rows == ulong.MaxValue)
        {
            return bits;
        }

        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit(bits, rows);
        }

        var result = 0UL;
        for (; bits != 0 && rows != 0; bits >>= 1, rows &= rows - 1)
        {
            result |= (bits & 1) == 0 ? 0 : rows & (0 - rows);
        }

        return result;
    }

    private int Rank(int row)
    {
        var rank = BitOperations.PopCount(_rows[row >> 6] & ((1UL << row) - 1));
        for (var word = 0; word < row >> 6; word++)
        {
            rank += BitOperations.PopCount(_rows[word]);
        }

        return rank;
    }

    private ulong Read(int at) =>
        _wide is not null ? _wide[at] : _base is { } offset ? FromOffset(_narrow[at], offset) : Cell.Widen(_narrow[at]);

    /// <summary>The cell that is so much more than the base.</summary>
    internal static ulong FromOffset(uint narrow, long offset) =>
        narrow < Cell.Constants ? narrow : Cell.Number(offset + narrow);

    private bool TryEncode(ulong cell, out uint narrow) => TryEncode(cell, _base, out narrow);

    private static bool TryEncode(ulong cell, long? offset, out uint narrow)
    {
        if (offset is not { } common || cell < Cell.Constants)
        {
            return Cell.TryNarrow(cell, out narrow);
        }

        var isWhole = Cell.IsWhole(cell, out var number);
        narrow = unchecked((uint)(number - common));
        return isWhole && number - common is >= Cell.Constants and <= uint.MaxValue;
    }

    // All of the page anew, in the shortest way that fits all.
    private void Repack(int at, bool isNew, ulong cell)
    {
        Span<ulong> cells = stackalloc ulong[Rows];
        cells = cells[..Count];
        for (var i = 0; i < Count; i++)
        {
            cells[i] = i == at ? cell : Read(isNew && i > at ? i - 1 : i);
        }

        _wide = null;
        if (TryPack(cells, null) || (TryBase(cells, out var common) && TryPack(cells, common)))
        {
            return;
        }

        _narrow = [];
        _base = null;
        _wide = new ulong[Capacity(Count)];
        cells.CopyTo(_wide);
    }

    private bool TryPack(ReadOnlySpan<ulong> cells, long? common)
    {
        Span<uint> narrow = stackalloc uint[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!TryEncode(cells[i], common, out narrow[i]))
            {
                return false;
            }
        }

        _base = common;
        if (_narrow.Length < cells.Length)
        {
            _narrow = new uint[Capacity(cells.Length)];
        }

        narrow.CopyTo(_narrow);
        return true;
    }

    // Numbers mostly grow: they get room upwards, as far as the least one allows.
    private static bool TryBase(ReadOnlySpan<ulong> cells, out long common)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (var cell in cells)
        {
            if (Cell.IsWhole(cell, out var number))
            {
                least = Math.Min(least, number);
                most = Math.Max(most, number);
            }
        }

        common = Math.Min(most - Half, least - Cell.Constants);
        return least <= most && most - common <= uint.MaxValue;
    }

    private static int Capacity(int count) => count <= 4 ? 4 : Math.Min(Rows, (count + 7) & ~7);

    private void Put<T>(ref T[] cells, int at, bool isNew, T cell)
    {
        if (isNew)
        {
            if (Count > cells.Length)
            {
                Array.Resize(ref cells, Capacity(Count + (Count / 2)));
            }

            cells.AsSpan(at, Count - 1 - at).CopyTo(cells.AsSpan(at + 1));
        }

        cells[at] = cell;
    }

    private void TakeOut<T>(ref T[] cells, int at)
    {
        cells.AsSpan(at + 1, Count - at).CopyTo(cells.AsSpan(at));
        if (Count > 0 && Count * 3 < cells.Length)
        {
            Array.Resize(ref cells, Capacity(Count));
        }
    }
}
