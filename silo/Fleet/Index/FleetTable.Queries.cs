using System.Numerics;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

internal sealed partial class FleetTable
{
    /// <summary>The first twins that a filter holds for.</summary>
    /// <param name="filter">Null for all.</param>
    /// <param name="sort">By what; ids decide where all keys are equal.</param>
    /// <param name="after">Only twins behind this one in the order; null from the start. It need not be there (any more).</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="now">What relative times refer to.</param>
    /// <returns>In order.</returns>
    public FoundTwin[] Find(Filter? filter, SortKey[] sort, FoundTwin? after, int limit, DateTimeOffset now)
    {
        using var rows = new RowSet(_rows.Length);
        var turn = new TurnLimit(_time);
        Select(filter, now, turn, rows.Words);
        var top = new TopRows(sort, Array.ConvertAll(sort, key => SourceOf(key.Path)), _ids, after, limit);
        for (var word = 0; word < rows.Words.Length; word++)
        {
            for (var bits = rows.Words[word]; bits != 0; bits &= bits - 1)
            {
                turn.Spend(TurnLimit.RowBytes);
                top.Offer((word * 64) + BitOperations.TrailingZeroCount(bits));
            }
        }

        return top.ToTwins();
    }

    /// <summary>How many twins a filter holds for.</summary>
    public int CountOf(Filter? filter, DateTimeOffset now)
    {
        using var rows = new RowSet(_rows.Length);
        Select(filter, now, new TurnLimit(_time), rows.Words);
        return RowSet.Count(rows.Words);
    }

    /// <summary>Adds up the twins that a filter holds for, in groups, in no order.</summary>
    /// <param name="filter">Null for all.</param>
    /// <param name="group">Twins with the same values here are a group; none for one group of all, which there is even of no twin.</param>
    /// <param name="measures">What is added up.</param>
    /// <param name="maxGroups">More groups than these are a problem.</param>
    /// <param name="now">What relative times refer to.</param>
    /// <returns>Null where there are more groups, or their texts are longer than <see cref="FleetGroups.MaxKeyBytes"/>.</returns>
    public TwinGroup[]? Aggregate(Filter? filter, QueryPath[] group, Measure[] measures, int maxGroups, DateTimeOffset now)
    {
        using var rows = new RowSet(_rows.Length);
        var turn = new TurnLimit(_time);
        Select(filter, now, turn, rows.Words);
        var groups = new Groups(
            Array.ConvertAll(group, SourceOf),
            measures,
            Array.ConvertAll(measures, measure => measure.Path is null ? null : SourceOf(measure.Path)),
            _severals,
            maxGroups,
            turn);
        for (var word = 0; word < rows.Words.Length; word++)
        {
            for (var bits = rows.Words[word]; bits != 0; bits &= bits - 1)
            {
                if (!groups.TryAdd((word * 64) + BitOperations.TrailingZeroCount(bits)))
                {
                    return null;
                }
            }
        }

        return groups.ToGroups();
    }

    private void Select(Filter? filter, DateTimeOffset now, TurnLimit turn, Span<ulong> result)
    {
        if (filter is null)
        {
            _rows.CopyTo(result);
            return;
        }

        new FilterRun(_columns, _ids, _texts, _severals, now, turn).Select(filter, _rows, result);
    }

    private PathSource SourceOf(QueryPath path) => new(path, _columns, _ids, _texts);
}
