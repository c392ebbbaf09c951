namespace Twins.Contracts.Query;

/// <summary>
/// A value as it is sorted and grouped by. The order: false, true, numbers, times, texts (<see cref="TextOrder"/>), what has no order of its own
/// (objects, and arrays, which count as equal), and what is missing.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">The nearest double of the number, or the time in Unix milliseconds; else 0.</param>
/// <param name="Text">The text; else null.</param>
/// <param name="Remainder">How much more than <paramref name="Number"/> the number is (<see cref="QueryNumber.Remainder"/>); else 0.</param>
[GenerateSerializer, Immutable, Alias("twins.sort-value")]
public readonly record struct SortValue(
    [property: Id(0)] SortValueKind Kind,
    [property: Id(1)] double Number = 0,
    [property: Id(2)] string? Text = null,
    [property: Id(3)] short Remainder = 0)
{
    /// <summary>Makes the value of a number.</summary>
    public SortValue(QueryNumber number)
        : this(SortValueKind.Number, number.Nearest, Remainder: number.Remainder)
    {
    }

    /// <summary>There is nothing at the path.</summary>
    public static SortValue Missing { get; } = new(SortValueKind.Missing);

    /// <summary>Compares: less than 0 where <paramref name="left"/> comes first.</summary>
    public static int Compare(in SortValue left, in SortValue right)
    {
        var kinds = left.Kind.CompareTo(right.Kind);
        return kinds != 0 ? kinds
            : left.Kind == SortValueKind.Text ? TextOrder.Compare(left.Text, right.Text)
            : left.Number != right.Number ? left.Number.CompareTo(right.Number)
            : left.Remainder.CompareTo(right.Remainder);
    }

    /// <summary>Compares as a sort key says: what is missing is last, whichever way it goes.</summary>
    public static int Compare(in SortValue left, in SortValue right, bool descending) =>
        descending && left.Kind != SortValueKind.Missing && right.Kind != SortValueKind.Missing ? Compare(right, left) : Compare(left, right);
}
