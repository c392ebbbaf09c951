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

    /// <summary>Partitions that are asked for groups before the others. All together make at most 80,000 groups when these make 10,000 different ones.</summary>
    private const int FirstPartitions = 4;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    public async Task<FleetPage> Query(FleetQuery query)
    {
        var found = await Find(query);
        return new FleetPage(StillHeld(questions.FilterOf(query), await pages.ReadAsync(found.Ids), query.Now), found.Next);
    }

    public async Task<FoundPage> Find(FleetQuery query)
    {
        CheckLimit(query.Limit);
        _ = questions.FilterOf(query);
        var sort = Questions.SortOf(query);
        ThrowIfOff();
        await CatchUp(query);

        // One more than is wanted tells whether there is another page.
        var wanted = query with { Limit = query.Limit + 1 };
        var parts = await Ask(partition => partition.Find(wanted));
        var found = parts.SelectMany(part => part).ToList();
        found.Sort(new FoundOrder(sort));
        var page = found.Take(query.Limit).ToArray();
        return new FoundPage(Array.ConvertAll(page, twin => twin.Id), found.Count > query.Limit ? page[^1] : null);
    }

    public async Task<long> Count(FleetQuery query)
    {
        _ = questions.FilterOf(query);
        ThrowIfOff();
        await CatchUp(query);
        var parts = await Ask<int?>(partition => partition.Count(query));
        return parts.Sum(part => (long)part!.Value);
    }

    public async Task<FleetGroups> Aggregate(FleetAggregation aggregation)
    {
        _ = questions.FilterOf(aggregation.Query);
        var (group, measures) = Questions.GroupsOf(aggregation);
        ThrowIfOff();
        await CatchUp(aggregation.Query);
        if (group.Length == 0)
        {
            return new FleetGroups(GroupTotals.Of(await Ask(partition => partition.Aggregate(aggregation)), measures, FleetGroups.MaxGroups));
        }

        // Too many groups are mostly found in the first partitions already: the others then need not make theirs.
        var first = await Ask(partitions.All.Take(FirstPartitions), partition => partition.Aggregate(aggregation));
        if (GroupTotals.Of(first, measures, FleetGroups.MaxGroups) is null)
        {
            return new FleetGroups(null);
        }

        var rest = await Ask(partitions.All.Skip(FirstPartitions), partition => partition.Aggregate(aggregation));
        return new FleetGroups(GroupTotals.Of([.. first, .. rest], measures, FleetGroups.MaxGroups));
    }

    /// <summary>Has the partitions read what writes made that the query must have seen.</summary>
    private Task CatchUp(FleetQuery query) => Task.WhenAll(query.Seen
        .GroupBy(token => TwinShards.Of(token.TwinId))
        .Select(tokens => partitions.All[tokens.Key].CatchUp([.. tokens])));

    /// <summary>Asks all partitions, and again those that are not complete.</summary>
    /// <exception cref="IndexRebuildingException">They still are not.</exception>
    private Task<T[]> Ask<T>(Func<IFleetPartitionGrain, Task<T?>> question) => Ask(partitions.All, question);

    private async Task<T[]> Ask<T>(IEnumerable<IFleetPartitionGrain> some, Func<IFleetPartitionGrain, Task<T?>> question)
    {
        var asked = some.ToArray();
        var answers = new T?[asked.Length];
        var started = time.GetTimestamp();
        while (true)
        {
            await Task.WhenAll(asked.Select(async (partition, i) => answers[i] ??= await question(partition)));
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
}
