using System.Text;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet;

/// <summary>Adds up what partitions say of the same groups.</summary>
internal static class GroupTotals
{
    /// <summary>The groups in the order of their keys; null where there are more than <paramref name="maxGroups"/>, or their texts are too long (<see cref="FleetGroups.MaxKeyBytes"/>).</summary>
    public static TwinGroup[]? Of(FleetGroups[] parts, Measure[] measures, int maxGroups)
    {
        var sums = new Dictionary<SortValue[], GroupFigure[]>(GroupKeys.Comparer);
        var keyBytes = 0L;
        foreach (var part in parts)
        {
            if (part.Groups is null)
            {
                return null;
            }

            foreach (var group in part.Groups)
            {
                if (!sums.TryGetValue(group.Keys, out var sum))
                {
                    sums[group.Keys] = group.Figures;
                    keyBytes += group.Keys.Sum(static key => Encoding.UTF8.GetByteCount(key.Text ?? ""));
                }
                else
                {
                    sums[group.Keys] = [.. measures.Select((measure, i) => Add(measure.Kind, sum[i], group.Figures[i]))];
                }
            }

            if (sums.Count > maxGroups || keyBytes > FleetGroups.MaxKeyBytes)
            {
                return null;
            }
        }

        return [.. sums.Select(sum => new TwinGroup(sum.Key, sum.Value)).OrderBy(group => group.Keys, GroupKeys.Comparer)];
    }

    private static GroupFigure Add(MeasureKind kind, in GroupFigure left, in GroupFigure right) =>
        new(left.Count + right.Count, left.Sum + right.Sum, Extreme(kind, left.Extreme, right.Extreme));

    private static SortValue Extreme(MeasureKind kind, in SortValue left, in SortValue right)
    {
        if (left.Kind == SortValueKind.Missing || right.Kind == SortValueKind.Missing)
        {
            return left.Kind == SortValueKind.Missing ? right : left;
        }

        var order = SortValue.Compare(left, right);
        return (kind == MeasureKind.Min) == (order <= 0) ? left : right;
    }
}
