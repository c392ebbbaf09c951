using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

/// <summary>What a table holds and what a question costs it has an end, whatever devices write and whoever asks.</summary>
public sealed partial class FleetTableTests
{
    [Fact]
    public void Texts_that_change_all_the_time_do_not_pile_up()
    {
        var held = 0L;
        for (var revision = 1; revision <= 600; revision++)
        {
            for (var i = 0; i < 100; i++)
            {
                _table.Put(Twin($"twin-{i}", revision, $$"""{"display":"what is shown now: {{revision}} {{i}}","list":["{{revision}}-{{i}}"],"kind":"pump"}"""));
            }

            held = revision == 100 ? _table.Bytes : held;
        }

        Assert.InRange(_table.Bytes, 1, held * 2);
        Assert.Equal(100, _table.CountOf(FilterOf("eq(reported/kind,\"pump\")"), Now));
        Assert.Equal(["twin-17"], Found("eq(reported/display,\"what is shown now: 600 17\")"));
        Assert.Equal(["twin-17"], Found("in(reported/list,\"600-17\",\"599-17\")"));
        Assert.Equal([], Found("eq(reported/display,\"what is shown now: 599 17\")"));
    }

    // Just over half a chunk, so that each takes a whole one: 100 of them hold 3.2 MB.
    [Fact]
    public void Long_texts_that_change_all_the_time_do_not_pile_up_either()
    {
        var most = 0L;
        for (var revision = 1; revision <= 30; revision++)
        {
            for (var i = 0; i < 100; i++)
            {
                _table.Put(Twin($"twin-{i}", revision, $$"""{"log":"{{revision}} {{i}} {{new string('x', 16_400)}}"}"""));
                most = Math.Max(most, _table.Bytes);
            }
        }

        Assert.InRange(most, 3_200_000, 16_000_000);
        Assert.Equal(["twin-17"], Found("like(reported/log,\"30 17 *\")"));
        Assert.Equal([], Found("like(reported/log,\"29 17 *\")"));
    }

    [Fact]
    public void Names_that_change_all_the_time_do_not_pile_up()
    {
        var held = 0L;
        for (var revision = 1; revision <= 5000; revision++)
        {
            _table.Put(Twin("a", revision, $$"""{"at-{{revision}}":{"x":[{"y":{{revision}}}]},"stays":{{revision}}}"""));
            held = revision == 1500 ? _table.Bytes : held;
        }

        Assert.InRange(_table.Bytes, 1, held * 2);
        Assert.Equal(["a"], Found("and(eq(reported/stays,5000),eq(reported/at-5000/x/y,5000),not(exists(reported/at-4999)))"));
    }

    [Theory]
    [InlineData("like(reported/a,\"*a?b*\")")]
    [InlineData("gt(reported/a,time:now)")]
    [InlineData("ilike(id,\"*a?b*\")")]
    [InlineData("stale(reported,\"1m\")")]
    public void A_filter_that_takes_more_than_a_second_is_refused_unless_there_is_little_to_look_at(string condition)
    {
        for (var i = 0; i < 2000; i++)
        {
            _table.Put(Stamped($"{new string('a', 100)}-{i}", ($$"""{"a":"{{new string('a', 100)}} {{i}}"}""", Now)));
        }

        _table.Put(Stamped("many", ($$"""{{{string.Join(',', Enumerable.Range(0, 300).Select(static p => $"\"p-{p}\":{p}"))}}}""", Now)));

        // Each look at the clock finds it 200 ms later.
        _time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(200);
        Assert.Equal(0, _table.CountOf(FilterOf(condition), Now));
        var exception = Assert.Throws<FilterTooSlowException>(() => _table.CountOf(FilterOf($"or({string.Join(',', Enumerable.Repeat(condition, 120))})"), Now));
        Assert.Contains("more than 1 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sort_and_groups_that_take_more_than_a_second_are_refused()
    {
        for (var i = 0; i < 17_000; i++)
        {
            _table.Put(Twin($"twin-{i}", 1, $$"""{"a":{{i}},"list":[{{i}},1]}"""));
        }

        // Each look at the clock finds it later; there is one after 16,384 rows.
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1.1);
        SortKey[] sort = [new SortKey(Path("reported", "a"), Descending: true)];
        Assert.Throws<FilterTooSlowException>(() => _table.Find(filter: null, sort, after: null, 10, Now));
        Assert.Throws<FilterTooSlowException>(() => _table.Aggregate(filter: null, [], Measures("sum(reported/list)"), 10, Now));
        Assert.Equal(10, _table.Find(FilterOf("lt(reported/a,1000)"), sort, after: null, 10, Now).Length);
    }

    [Fact]
    public void Groups_whose_texts_are_too_long_together_are_too_many()
    {
        string Text(int i) => $"{i} {new string('x', 65_530)}";
        for (var i = 0; i < 65; i++)
        {
            _table.Put(Twin($"a-{i}", 1, $$"""{"log":"{{Text(i)}}"}"""));
            _table.Put(Twin($"b-{i}", 1, $$"""{"log":"{{Text(i)}}"}"""));
        }

        var all = FilterOf("exists(reported/log)");
        var fewer = FilterOf("lt(reported/log,\"9\")");
        Assert.Null(_table.Aggregate(all, [Path("reported", "log")], Measures("count"), 100, Now));
        Assert.Equal(64, _table.Aggregate(fewer, [Path("reported", "log")], Measures("count"), 100, Now)!.Length);
    }
}
