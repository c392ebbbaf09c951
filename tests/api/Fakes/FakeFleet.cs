using System.Text;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Tests.Query;
using Twins.Contracts.Twins;

namespace Twins.Api.Tests.Fakes;

/// <summary>Asks every twin, and adds up as one would by hand.</summary>
internal sealed class FakeFleet(FakeGrains grains) : IFleetGrain
{
    /// <summary>The last question to the whole fleet.</summary>
    public FleetQuery? LastQuery { get; private set; }

    /// <summary>The last aggregation.</summary>
    public FleetAggregation? LastAggregation { get; private set; }

    /// <summary>What aggregations come to, instead of what they would; null lets them.</summary>
    public FleetGroups? Groups { get; set; }

    /// <summary>How many questions were asked.</summary>
    public int Asked { get; private set; }

    /// <summary>How many twins a page has at most, where fewer than are asked for.</summary>
    public int MostOfAPage { get; set; } = int.MaxValue - 1;

    /// <summary>What questions to the index throw, while set.</summary>
    public Exception? IndexFailure { get; set; }

    public Task Check() => Task.CompletedTask;

    public async Task<TwinPage> List(string? after, int limit)
    {
        var rest = grains.Twins
            .Where(twin => after is null || string.CompareOrdinal(twin.Id, after) > 0)
            .OrderBy(twin => twin.Id, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToArray();
        var page = await Task.WhenAll(rest.Take(limit).Select(twin => twin.Get()));
        return new TwinPage(page!, rest.Length > limit ? page[^1]!.Id : null);
    }

    public async Task<FleetPage> Query(FleetQuery query) => Page(query, Find(query, await Read()));

    public Task<FoundPage> Find(FleetQuery query)
    {
        // The index has what it was told of twins; none is asked.
        var page = Page(query, Find(query, grains.Twins.Select(twin => twin.View).OfType<TwinView>()));
        return Task.FromResult(new FoundPage(Array.ConvertAll(page.Twins, twin => twin.Id), page.Next));
    }

    public async Task<long> Count(FleetQuery query) => Find(query, await Read()).Count;

    public async Task<FleetGroups> Aggregate(FleetAggregation aggregation)
    {
        LastAggregation = aggregation;
        var found = Find(aggregation.Query, await Read());
        Assert.True(Rql.TryParseGroup(aggregation.Group, out var paths, out _));
        Assert.True(Rql.TryParseMeasures(aggregation.Measures, out var measures, out _));
        if (Groups is null && paths.Length == 0)
        {
            // One group, be there no twins.
            return new FleetGroups([new TwinGroup([], Array.ConvertAll(measures, measure => Figure(measure, [.. found])))]);
        }

        return Groups ?? new FleetGroups(
        [
            .. found
                .Select(twin => (Twin: twin, Keys: Array.ConvertAll(paths, path => At(twin, path))))
                .GroupBy(pair => string.Join('\n', pair.Keys))
                .Select(group => new TwinGroup(group.First().Keys, Array.ConvertAll(measures, measure => Figure(measure, [.. group.Select(pair => pair.Twin)]))))
                .OrderBy(group => group.Keys, Comparer<SortValue[]>.Create(Compare)),
        ]);
    }

    private static int Compare(SortValue[] left, SortValue[] right) =>
        left.Zip(right, (a, b) => SortValue.Compare(a, b)).FirstOrDefault(order => order != 0);

    private static int Compare(SortKey[] keys, FoundTwin left, FoundTwin right)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (SortValue.Compare(left.Keys[i], right.Keys[i], keys[i].Descending) is not 0 and var order)
            {
                return order;
            }
        }

        return string.CompareOrdinal(left.Id, right.Id);
    }

    private static GroupFigure Figure(Measure measure, TwinView[] twins)
    {
        var values = measure.Path is null ? [] : Array.ConvertAll(twins, twin => At(twin, measure.Path));
        var numbers = values.Where(value => value.Kind == SortValueKind.Number).ToArray();
        return measure.Kind switch
        {
            MeasureKind.Count => new GroupFigure(measure.Path is null ? twins.Length : values.Count(value => value.Kind != SortValueKind.Missing), 0, SortValue.Missing),
            MeasureKind.Sum or MeasureKind.Avg => new GroupFigure(numbers.Length, numbers.Sum(value => value.Number), SortValue.Missing),
            _ when numbers.Length == 0 => new GroupFigure(0, 0, SortValue.Missing),
            MeasureKind.Min => new GroupFigure(numbers.Length, 0, numbers.MinBy(value => value.Number)),
            _ => new GroupFigure(numbers.Length, 0, numbers.MaxBy(value => value.Number)),
        };
    }

    private FleetPage Page(FleetQuery query, List<TwinView> found)
    {
        Assert.True(Rql.TryParseSort(query.Sort ?? string.Empty, out var keys, out _));
        var limit = Math.Min(query.Limit, MostOfAPage);
        var sorted = found
            .Select(twin => (Twin: twin, Place: new FoundTwin(twin.Id, Array.ConvertAll(keys, key => NaiveFilter.SortedBy(key.Path, Text(twin))))))
            .OrderBy(pair => pair.Place, Comparer<FoundTwin>.Create((left, right) => Compare(keys, left, right)))
            .SkipWhile(pair => query.After is not null && Compare(keys, pair.Place, query.After) <= 0)
            .Take(limit + 1)
            .ToArray();
        var page = sorted.Take(limit).ToArray();
        return new FleetPage(Array.ConvertAll(page, pair => pair.Twin), sorted.Length > limit ? page[^1].Place : null);
    }

    private async Task<IEnumerable<TwinView>> Read() => (await Task.WhenAll(grains.Twins.Select(twin => twin.Get()))).OfType<TwinView>();

    private List<TwinView> Find(FleetQuery query, IEnumerable<TwinView> all)
    {
        Asked++;
        LastQuery = query;
        if (IndexFailure is not null)
        {
            throw IndexFailure;
        }

        if (query.Filter is null)
        {
            return [.. all];
        }

        Assert.True(Rql.TryParseFilter(query.Filter, out var filter, out _));
        return [.. all.Where(twin => NaiveFilter.Holds(filter, Text(twin), query.Now))];
    }

    private static SortValue At(TwinView twin, QueryPath path) => NaiveFilter.ValueOf(path, Text(twin));

    private static string Text(TwinView twin) => Encoding.UTF8.GetString(twin.Document);
}
