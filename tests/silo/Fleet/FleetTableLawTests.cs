using System.Text;
using CsCheck;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Tests.Query;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

/// <summary>The law of the table: it answers as the documents would, one by one, whatever became of the twins before.</summary>
public sealed class FleetTableLawTests
{
    // A twin that is gone, every fifth time.
    private static readonly Gen<FleetTwin?> Changes = Gen.Frequency((4, Fleets.Twins.Select(static twin => (FleetTwin?)twin)), (1, Gen.Const((FleetTwin?)null)));

    private static readonly Gen<(int Id, FleetTwin? Twin)[]> Histories = Gen.Select(Gen.Int[0, 15], Changes).Array[0, 40];

    private static readonly Gen<string> Measures = Gen.Select(Gen.OneOf("count", "sum", "avg", "min", "max"), Questions.ValuePaths)
        .Select(static (kind, path) => $"{kind}({path})")
        .Where(AreMeasures)
        .Array[1, 3]
        .Select(static measures => "count," + string.Join(',', measures))
        .Where(AreMeasures);

    [Fact]
    public void Finds_what_the_filter_holds_for_in_order_page_by_page() =>
        Gen.Select(Histories, Questions.Filters, Questions.Sorts, Gen.Int[1, 7]).Sample((history, filterText, sortText, limit) =>
        {
            var fleet = After(history);
            AssertFinds(fleet, FilterOf(filterText), SortOf(sortText), limit);
        });

    [Fact]
    public void Counts_as_many_as_there_are_and_leaves_none_between_a_filter_and_its_opposite() =>
        Gen.Select(Histories, Questions.Filters).Sample((history, text) =>
        {
            var fleet = After(history);
            var filter = FilterOf(text);
            Assert.Equal(fleet.Holding(filter).Length, fleet.Table.CountOf(filter, Fleets.Now));
            Assert.Equal(fleet.Count, fleet.Table.CountOf(filter, Fleets.Now) + fleet.Table.CountOf(new NotFilter(filter), Fleets.Now));
            Assert.Equal(fleet.Count, fleet.Table.CountOf(null, Fleets.Now));
            Assert.Equal(fleet.Count, fleet.Table.Count);
        });

    [Fact]
    public void After_a_restart_it_answers_as_before() =>
        Gen.Select(Histories, Histories, Questions.Filters, Questions.Sorts, Gen.Int).Sample((history, rest, filterText, sortText, seed) =>
        {
            var fleet = After(history);
            fleet.Restart(new Random(seed));
            AssertFinds(fleet, FilterOf(filterText), SortOf(sortText), limit: 5);
            foreach (var (id, twin) in rest)
            {
                fleet.Put($"twin-{id}", twin);
            }

            AssertFinds(fleet, FilterOf(filterText), SortOf(sortText), limit: 5);
        });

    // Twins 0 to 7 stay as they are; the others change between any two pages.
    [Fact]
    public void Pages_tell_a_twin_that_stays_as_it_is_once_whatever_becomes_of_the_others() =>
        Gen.Select(Histories, Gen.Select(Gen.Int[8, 15], Changes).Array[0, 4].Array[20], Questions.Filters, Questions.Sorts, Gen.Int[1, 4]).Sample(
            (history, between, filterText, sortText, limit) =>
            {
                var fleet = After(history);
                var (filter, sort) = (FilterOf(filterText), SortOf(sortText));
                var expected = fleet.Sorted(filter, sort).Select(static twin => twin.Id).Where(Stays);
                var found = new List<FoundTwin>();
                for (var page = 0; fleet.Table.Find(filter, sort, found.LastOrDefault(), limit, Fleets.Now) is { Length: > 0 } next; page++)
                {
                    found.AddRange(next);
                    foreach (var (id, twin) in page < between.Length ? between[page] : [])
                    {
                        fleet.Put($"twin-{id}", twin);
                    }
                }

                Assert.Equal(expected, found.Select(static twin => twin.Id).Where(Stays));
            });

    [Fact]
    public void Texts_that_are_alike_as_far_as_a_sort_looks_at_them_come_in_the_order_of_ids_page_by_page() =>
        Gen.Select(Gen.OneOf(Fleets.LongTexts).Array[2, 30], Gen.OneOf("+reported/a", "-reported/a", "-reported/a,+id", "+reported/a,-id"), Gen.Int[1, 4]).Sample(
            (texts, sortText, limit) =>
            {
                var fleet = new FleetModel();
                foreach (var (i, text) in texts.Index())
                {
                    fleet.Put($"twin-{i}", new FleetTwin($"twin-{i}", 1, null) { Reported = Encoding.UTF8.GetBytes($$"""{"a":"{{text}}"}""") });
                }

                AssertFinds(fleet, FilterOf("exists(id)"), SortOf(sortText), limit);
            });

    [Fact]
    public void Adds_up_what_the_documents_add_up_to() =>
        Gen.Select(Histories, Questions.Filters, Questions.Groups, Measures).Sample((history, filterText, groupText, measureText) =>
        {
            var fleet = After(history);
            AssertAddsUp(fleet, FilterOf(filterText), groupText, measureText);
            AssertAddsUp(fleet, null, groupText, measureText);
        });

    // With so many the columns are pages rather than lists, some full and some with gaps, and twins go and come back.
    [Fact]
    public void Answers_as_the_documents_would_for_many()
    {
        var fleet = new FleetModel();
        var tested = 0;
        Gen.Select(Fleets.Twins.Array[2600], Gen.Int[0, 2599].Array[800], Gen.Select(Questions.Filters, Questions.Sorts, Questions.Groups, Measures).Array[25]).Sample(
            (twins, changes, questions) =>
            {
                for (var i = 0; i < twins.Length; i++)
                {
                    fleet.Put($"twin-{i}", twins[i]);
                }

                foreach (var i in changes)
                {
                    fleet.Put($"twin-{i}", i % 3 == 0 ? null : twins[(i * 7) % twins.Length]);
                }

                foreach (var (filterText, sortText, groupText, measureText) in questions)
                {
                    AssertFinds(fleet, FilterOf(filterText), SortOf(sortText), 700);
                    AssertAddsUp(fleet, FilterOf(filterText), groupText, measureText);
                    tested++;
                }
            },
            iter: 1,
            threads: 1);
        Assert.Equal(25, tested);
    }

    private static void AssertFinds(FleetModel fleet, Filter filter, SortKey[] sort, int limit)
    {
        var expected = fleet.Sorted(filter, sort);
        var found = new List<FoundTwin>();
        while (fleet.Table.Find(filter, sort, found.LastOrDefault(), limit, Fleets.Now) is { Length: > 0 } page)
        {
            Assert.True(page.Length == limit || found.Count + page.Length == expected.Length);
            found.AddRange(page);
            Assert.True(found.Count <= expected.Length);
        }

        Assert.True(
            expected.Select(static twin => twin.Id).SequenceEqual(found.Select(static twin => twin.Id)),
            $"Of {filter} in the order of {string.Join(',', sort.AsEnumerable())} there should be {expected.Length}, and {found.Count} were found, or in another order.");
        Assert.Equal(
            expected.Select(static twin => FleetModel.TextOf(twin.Keys)), found.Select(static twin => FleetModel.TextOf(twin.Keys)));
    }

    private static void AssertAddsUp(FleetModel fleet, Filter? filter, string groupText, string measureText)
    {
        Assert.True(Rql.TryParseGroup(groupText, out var group, out _));
        Assert.True(Rql.TryParseMeasures(measureText, out var measures, out _));
        var expected = fleet.Groups(filter, group, measures);
        var found = fleet.Table.Aggregate(filter, group, measures, Math.Max(1, expected.Count), Fleets.Now);
        Assert.NotNull(found);
        Assert.Equal(expected.Keys.Order(), found.Select(static one => FleetModel.TextOf(one.Keys)).Order());
        foreach (var one in found)
        {
            foreach (var (should, figure) in expected[FleetModel.TextOf(one.Keys)].Zip(one.Figures))
            {
                Assert.Equal(should.Count, figure.Count);
                Assert.Equal(should.Extreme, figure.Extreme);
                Assert.Equal(should.Sum, figure.Sum, Math.Abs(should.Sum) * 1e-9 + 1e-9);
            }
        }

        if (expected.Count > 1)
        {
            Assert.Null(fleet.Table.Aggregate(filter, group, measures, expected.Count - 1, Fleets.Now));
        }
    }

    private static bool Stays(string id) => id is ['t', 'w', 'i', 'n', '-', <= '7'];

    private static FleetModel After((int Id, FleetTwin? Twin)[] history)
    {
        var fleet = new FleetModel();
        foreach (var (id, twin) in history)
        {
            fleet.Put($"twin-{id}", twin);
        }

        return fleet;
    }

    // Not everything has a sum, and none may be asked for twice.
    private static bool AreMeasures(string text) => Rql.TryParseMeasures(text, out _, out _);

    private static Filter FilterOf(string text) =>
        Rql.TryParseFilter(text, out var filter, out var problem) ? filter : throw new ArgumentException(problem.Detail, nameof(text));

    private static SortKey[] SortOf(string text) =>
        Rql.TryParseSort(text, out var sort, out var problem) ? sort : throw new ArgumentException(problem.Detail, nameof(text));
}
