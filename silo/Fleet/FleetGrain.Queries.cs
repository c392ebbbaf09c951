using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Twins;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Storage;

namespace Twins.Silo.Fleet;

/// <summary>Questions to the index: each goes to all partitions at once, and what they answer is put together.</summary>
internal sealed partial class FleetGrain
{
    /// <summary>How long a question waits for a partition that reads its shard: one of a small fleet is done by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    public async Task<FleetPage> Query(FleetQuery query)
    {
        CheckLimit(query.Limit);
        var filter = Questions.FilterOf(query);
        var sort = Questions.SortOf(query);
        await CatchUp(query);

        // One more than is wanted tells whether there is another page.
        var parts = await Ask(query, (partition, all) => partition.Find(all with { Limit = query.Limit + 1 }));
        var found = parts.SelectMany(part => part).ToList();
        found.Sort(new FoundOrder(sort));
        var page = found.Take(query.Limit).ToArray();
        var views = await Read(page.Select(twin => twin.Id));
        return new FleetPage(StillHeld(filter, views, query.Now), found.Count > query.Limit ? page[^1] : null);
    }

    public async Task<long> Count(FleetQuery query)
    {
        _ = Questions.FilterOf(query);
        await CatchUp(query);
        var parts = await Ask(query, async (partition, all) => await partition.Count(all) is { } count ? new Counted(count) : null);
        return parts.Sum(part => (long)part.Twins);
    }

    public async Task<FleetGroups> Aggregate(FleetAggregation aggregation)
    {
        _ = Questions.FilterOf(aggregation.Query);
        var (_, measures) = Questions.GroupsOf(aggregation);
        await CatchUp(aggregation.Query);
        var parts = await Ask(aggregation.Query, (partition, _) => partition.Aggregate(aggregation));
        return new FleetGroups(GroupTotals.Of(parts, measures, FleetGroups.MaxGroups));
    }

    /// <summary>Has the partitions read what writes made that the query must have seen.</summary>
    private Task CatchUp(FleetQuery query)
    {
        ThrowIfOff();
        return Task.WhenAll(query.Seen
            .GroupBy(token => TwinCatalog.ShardOf(token.TwinId))
            .Select(tokens => partitions.All[tokens.Key].CatchUp([.. tokens])));
    }

    /// <summary>Asks all partitions, again where they are not complete.</summary>
    /// <exception cref="IndexRebuildingException">They still are not.</exception>
    private async Task<T[]> Ask<T>(FleetQuery query, Func<IFleetPartitionGrain, FleetQuery, Task<T?>> question)
        where T : class
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var answers = await partitions.Ask(partition => question(partition, query));
            if (Array.TrueForAll(answers, answer => answer is not null))
            {
                return answers!;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                var progress = await partitions.Ask(partition => partition.Progress());
                throw new IndexRebuildingException(progress.Count(partition => partition.Ready), progress.Length, progress.Sum(partition => (long)partition.Twins));
            }

            await Task.Delay(AskAgainAfter, time);
        }
    }

    /// <summary>The twins that are there, and that the filter still holds for: what is answered does not contradict what was asked.</summary>
    private static TwinView[] StillHeld(Filter? filter, TwinView?[] views, DateTimeOffset now)
    {
        var there = views.OfType<TwinView>();
        if (filter is null)
        {
            return [.. there];
        }

        var wanted = new DocumentFilter(filter);
        return [.. there.Where(view => wanted.Holds(view.Document, now))];
    }

    private void ThrowIfOff()
    {
        if (!options.Value.Fleet.Index)
        {
            throw new IndexOffException();
        }
    }

    /// <summary>A number that can be missing, as an object.</summary>
    private sealed record Counted(int Twins);
}
