using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Twins.Silo.Fleet.Index;

/// <summary>Whether a cell is one of some: equal numbers, texts and truth values are equal cells.</summary>
internal sealed class SameTest : CellTest
{
    // So many comparisons of eight cells at once cost less than looking eight up.
    private const int FewEnough = 8;

    private readonly ulong[] _cells;
    private readonly uint[] _narrow;
    private readonly HashSet<ulong>? _set;

    public SameTest(ManyCells severals, ulong[] cells)
        : base(severals)
    {
        _cells = cells;
        _narrow = new uint[cells.Length];
        _narrow = _narrow[..NarrowInto(cells, _narrow)];
        _set = cells.Length > FewEnough ? [.. cells] : null;
    }

    public override bool IsFast => _set is null;

    protected override bool HoldsForOne(ulong cell) => _set?.Contains(cell) ?? _cells.AsSpan().Contains(cell);

    public override ulong Holding(ReadOnlySpan<ulong> cells) => _set is null ? Same(cells, _cells) : base.Holding(cells);

    public override ulong Holding(ReadOnlySpan<uint> cells) => _set is null ? Same(cells, _narrow) : base.Holding(cells);

    // What can not be said in 32 bits is in no page that is.
    private static int NarrowInto(ulong[] cells, uint[] narrow)
    {
        var count = 0;
        foreach (var cell in cells)
        {
            count += Cell.TryNarrow(cell, out narrow[count]) ? 1 : 0;
        }

        return count;
    }

    private static ulong Same<T>(ReadOnlySpan<T> cells, T[] wanted)
        where T : unmanaged, IEquatable<T>
    {
        var result = 0UL;
        foreach (var one in wanted)
        {
            var with = Vector256.Create(one);
            ref var first = ref MemoryMarshal.GetReference(cells);
            var i = 0;
            for (; i <= cells.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                result |= (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)i), with).ExtractMostSignificantBits() << i;
            }

            for (; i < cells.Length; i++)
            {
                result |= cells[i].Equals(one) ? 1UL << i : 0;
            }
        }

        return result;
    }
}
