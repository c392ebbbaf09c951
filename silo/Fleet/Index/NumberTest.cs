using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Compares numbers with one. What is no number is NaN when it is read as one (<see cref="Cell"/>), for which nothing holds: cells are
/// compared several at once, whatever they are. Integers that are no doubles are compared one by one.
/// </summary>
internal sealed class NumberTest : CellTest
{
    private readonly Texts _texts;
    private readonly CompareOperator _comparison;
    private readonly QueryNumber _number;

    // What says the same of doubles.
    private readonly CompareOperator _ofDoubles;
    private readonly double _double;

    public NumberTest(ManyCells severals, Texts texts, CompareOperator comparison, QueryNumber number)
        : base(severals)
    {
        (_texts, _comparison, _number) = (texts, comparison, number);

        // Between two doubles lies none: one that is greater than the number is greater than the nearest, or equal to it.
        _ofDoubles = (comparison, number.Remainder) switch
        {
            (CompareOperator.Gt or CompareOperator.Ge, > 0) => CompareOperator.Gt,
            (CompareOperator.Gt or CompareOperator.Ge, < 0) => CompareOperator.Ge,
            (CompareOperator.Lt or CompareOperator.Le, > 0) => CompareOperator.Le,
            (CompareOperator.Lt or CompareOperator.Le, < 0) => CompareOperator.Lt,
            _ => comparison,
        };
        _double = comparison == CompareOperator.Eq && number.Remainder != 0 ? double.NaN : number.Nearest;
    }

    public override bool IsFast => true;

    protected override bool HoldsForOne(ulong cell) => Cell.IsInteger(cell) ? HoldsForInteger(cell) : Holds(Cell.NumberOf(cell));

    public override ulong Holding(ReadOnlySpan<ulong> cells)
    {
        var result = 0UL;
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(cells);
        var integers = 0UL;
        for (; i <= cells.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
        {
            var some = Vector256.LoadUnsafe(ref first, (nuint)i);
            result |= (ulong)Holds((~some).AsDouble()) << i;
            integers |= (ulong)Vector256.Equals(some >>> 32, Vector256.Create(Cell.Integer(0) >> 32)).ExtractMostSignificantBits() << i;
        }

        for (; integers != 0; integers &= integers - 1)
        {
            result |= HoldsForInteger(cells[BitOperations.TrailingZeroCount(integers)]) ? integers & (0 - integers) : 0;
        }

        for (; i < cells.Length; i++)
        {
            result |= HoldsForOne(cells[i]) ? 1UL << i : 0;
        }

        return result;
    }

    // Integers that are no doubles are in no page of narrow cells.
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

    private bool HoldsForInteger(ulong cell) => TextOrderCondition.Holds(_comparison, _texts.NumberOf(cell).CompareTo(_number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Holds(Vector256<double> values)
    {
        var with = Vector256.Create(_double);
        return (_ofDoubles switch
        {
            CompareOperator.Eq => Vector256.Equals(values, with),
            CompareOperator.Gt => Vector256.GreaterThan(values, with),
            CompareOperator.Ge => Vector256.GreaterThanOrEqual(values, with),
            CompareOperator.Lt => Vector256.LessThan(values, with),
            _ => Vector256.LessThanOrEqual(values, with),
        }).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(double value) => _ofDoubles switch
    {
        CompareOperator.Eq => value == _double,
        CompareOperator.Gt => value > _double,
        CompareOperator.Ge => value >= _double,
        CompareOperator.Lt => value < _double,
        _ => value <= _double,
    };
}
