using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Compares numbers with one. What is no number is NaN when it is read as one (<see cref="Cell"/>), for which nothing holds: cells are
/// compared several at once, whatever they are.
/// </summary>
internal sealed class NumberTest(ManyCells severals, CompareOperator comparison, double number) : CellTest(severals)
{
    public override bool IsFast => true;

    protected override bool HoldsForOne(ulong cell) => Holds(Cell.NumberOf(cell));

    public override ulong Holding(ReadOnlySpan<ulong> cells)
    {
        var result = 0UL;
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(cells);
        for (; i <= cells.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
        {
            result |= (ulong)Holds((~Vector256.LoadUnsafe(ref first, (nuint)i)).AsDouble()) << i;
        }

        for (; i < cells.Length; i++)
        {
            result |= Holds(Cell.NumberOf(cells[i])) ? 1UL << i : 0;
        }

        return result;
    }

    public override ulong Holding(ReadOnlySpan<uint> cells)
    {
        var result = 0UL;
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(cells);
        for (; i <= cells.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            var (low, high) = Vector256.Widen((~Vector256.LoadUnsafe(ref first, (nuint)i)).AsSingle());
            result |= (ulong)(Holds(low) | (Holds(high) << Vector256<double>.Count)) << i;
        }

        for (; i < cells.Length; i++)
        {
            result |= Holds(Cell.NumberOf(cells[i])) ? 1UL << i : 0;
        }

        return result;
    }

    public override ulong Holding(ReadOnlySpan<uint> cells, long common)
    {
        var result = 0UL;
        for (var i = 0; i < cells.Length; i++)
        {
            result |= cells[i] >= Cell.Constants && Holds(common + cells[i]) ? 1UL << i : 0;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Holds(Vector256<double> values)
    {
        var with = Vector256.Create(number);
        return (comparison switch
        {
            CompareOperator.Eq => Vector256.Equals(values, with),
            CompareOperator.Gt => Vector256.GreaterThan(values, with),
            CompareOperator.Ge => Vector256.GreaterThanOrEqual(values, with),
            CompareOperator.Lt => Vector256.LessThan(values, with),
            _ => Vector256.LessThanOrEqual(values, with),
        }).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(double value) => comparison switch
    {
        CompareOperator.Eq => value == number,
        CompareOperator.Gt => value > number,
        CompareOperator.Ge => value >= number,
        CompareOperator.Lt => value < number,
        _ => value <= number,
    };
}
