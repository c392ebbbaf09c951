using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class RqlFilterTests
{
    [Theory]
    [InlineData("eq(tags/site,\"rotterdam\")")]
    [InlineData("and(eq(tags/site,\"rotterdam\"),gt(reported/motor/rpm,1400))")]
    [InlineData(" or ( ge ( id , \"a\" ) ,\r\n\tlt(revision,-5E-1) ) ", "or(ge(id,\"a\"),lt(revision,-0.5))")]
    [InlineData("and(exists(model))")]
    [InlineData("not(not(empty(tags)))")]
    [InlineData("ne(reported/on,true)")]
    [InlineData("le(desired/a,1e3)", "le(desired/a,1000)")]
    [InlineData("eq(reported/a,-0)", "eq(reported/a,0)")]
    [InlineData("in(tags/site,\"a\",1,true,time:now)", "in(tags/site,\"a\",1,true,time:now+0ms)")]
    [InlineData("like(tags/site,\"a\\\\*b*\")")]
    [InlineData("ilike(connection/dialect,\"\")")]
    [InlineData("stale(reported/temp,\"1.5m\")", "stale(reported/temp,\"90000ms\")")]
    [InlineData("stale(desired,\"36500d\")", "stale(desired,\"3153600000000ms\")")]
    [InlineData("eq(tags/a,null)", "not(exists(tags/a))")]
    [InlineData("ne(connection/since,null)", "exists(connection/since)")]
    [InlineData("exists(connection)")]
    [InlineData("exists(delta/setpoint)")]
    [InlineData("empty(delta)")]
    // Names: what is plain needs no quotes, and quotes do no harm.
    [InlineData("exists(reported/\"motor temp\"/rpm)")]
    [InlineData("exists(\"reported\"/\"a\")", "exists(reported/a)")]
    [InlineData("exists(tags / a / b)", "exists(tags/a/b)")]
    [InlineData("exists(tags/_a-b.c:$@~1%2F)", "exists(tags/\"_a-b.c:$@/%2F\")")]
    [InlineData("exists(tags/a~1b~0c)", "exists(tags/\"a/b~c\")")]
    [InlineData("exists(tags/a~2)", "exists(tags/\"a~2\")")]
    [InlineData("exists(tags/\"a~1b\")", "exists(tags/\"a~1b\")")]
    [InlineData("exists(tags/0)", "exists(tags/0)")]
    [InlineData("exists(tags/\"\")")]
    [InlineData("exists(tags/\"a/b\\u0041\\n\\\"\")", "exists(tags/\"a/bA\\n\\u0022\")")]
    [InlineData("exists(tags/größe)", "exists(tags/\"gr\\u00F6\\u00DFe\")")]
    [InlineData("eq(tags/a,\"\\ud83d\\ude00 \\/\\b\\f\\r\\t\")", "eq(tags/a,\"\\uD83D\\uDE00 /\\b\\f\\r\\t\")")]
    [InlineData("exists(metadata/reported/at/at)")]
    // Times.
    [InlineData("gt(createdAt,\"2026-01-02T04:04:05+01:00\")", "gt(createdAt,time:2026-01-02T03:04:05.000Z)")]
    [InlineData("gt(metadata/reported/a/at,time:2026-01-02T03:04:05.6789Z)", "gt(metadata/reported/a/at,time:2026-01-02T03:04:05.678Z)")]
    [InlineData("gt(reported/a,\"2026-01-02T03:04:05Z\")")]
    [InlineData("lt(connection/lastSeen,time:now-15m)", "lt(connection/lastSeen,time:now-900000ms)")]
    [InlineData("in(modifiedAt,time:now+0.5s,time:now-2d)", "in(modifiedAt,time:now+500ms,time:now-172800000ms)")]
    [InlineData("lt(modifiedAt,time:now-1.5ms)")]
    [InlineData("lt(modifiedAt,time:now+2h)", "lt(modifiedAt,time:now+7200000ms)")]
    public void Reads(string text, string? spelled = null)
    {
        Assert.True(Rql.TryParseFilter(text, out var filter, out var problem), problem?.Detail);
        Assert.Null(problem);
        Assert.Equal(spelled ?? text, FilterText.Of(filter));
    }

    [Fact]
    public void What_is_spelled_again_says_the_same() =>
        Questions.Filters.Sample(text =>
        {
            Assert.True(Rql.TryParseFilter(text, out var filter, out _));
            var spelled = FilterText.Of(filter);
            Assert.True(Rql.TryParseFilter(spelled, out var again, out var problem), problem?.Detail);
            Assert.Equal(spelled, FilterText.Of(again));
        });

    [Theory]
    [InlineData("eq(tags/a,\"now\")", false)]
    [InlineData("gt(reported/a,time:2026-01-02T03:04:05Z)", false)]
    [InlineData("gt(reported/a,time:now)", true)]
    [InlineData("ne(reported/a,time:now-1m)", true)]
    [InlineData("in(reported/a,1,time:now-1m)", true)]
    [InlineData("in(reported/a,1,2)", false)]
    [InlineData("or(exists(tags/a),and(empty(tags/b),not(stale(reported/a,\"1m\"))))", true)]
    [InlineData("or(exists(tags/a),and(empty(tags/b),not(like(reported/a,\"1m\"))))", false)]
    public void Depends_on_time_where_that_alone_can_change_it(string text, bool depends)
    {
        Assert.True(Rql.TryParseFilter(text, out var filter, out var problem), problem?.Detail);
        Assert.Equal(depends, Rql.DependsOnTime(filter));
    }

    [Fact]
    public void Takes_as_much_as_the_limits_say()
    {
        AssertRead(Repeated("not(", Rql.MaxNesting) + "exists(id)" + new string(')', Rql.MaxNesting));
        AssertRead($"and({string.Join(',', Enumerable.Repeat("empty(id)", Rql.MaxConditions))})");
        AssertRead($"in(tags/a,{string.Join(',', Enumerable.Range(0, Rql.MaxValues))})");
        AssertRead($"like(tags/a,\"{new string('a', Rql.MaxPatternCharacters)}\")");
        AssertRead($"exists(tags{Repeated("/a", Rql.MaxNames - 1)})");
        AssertRead($"eq(tags/a,\"{new string('a', Rql.MaxCharacters - "eq(tags/a,\"\")".Length)}\")");
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static void AssertRead(string text) => Assert.True(Rql.TryParseFilter(text, out _, out var problem), problem?.Detail);
}
