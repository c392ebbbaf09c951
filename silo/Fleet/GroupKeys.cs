using Twins.Contracts.Query;

namespace Twins.Silo.Fleet;

/// <summary>Compares what twins are grouped by: the first value decides, then the second.</summary>
internal sealed class GroupKeys : IEqualityComparer<SortValue[]>, IComparer<SortValue[]>
{
    private GroupKeys()
    {
    }

    public static GroupKeys Comparer { get; } = new();

    public bool Equals(SortValue[]? x, SortValue[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(SortValue[] obj)
    {
        var hash = default(HashCode);
        foreach (var value in obj)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public int Compare(SortValue[]? x, SortValue[]? y)
    {
        for (var i = 0; i < x!.Length; i++)
        {
            var order = SortValue.Compare(x[i], y![i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
