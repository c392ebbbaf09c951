using System.Globalization;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class FilterCacheTests
{
    [Fact]
    public void Filter_is_parsed_once()
    {
        var cache = new FilterCache();
        Assert.Same(Parse(cache, "eq(tags/a,1)"), Parse(cache, string.Concat("eq(tags/a", ",1)")));
        Assert.NotSame(Parse(cache, "eq(tags/a,1)"), Parse(cache, "eq(tags/a,2)"));
    }

    [Fact]
    public void Wrong_filter_is_refused_each_time_and_not_kept()
    {
        var cache = new FilterCache();
        for (var i = 0; i < 2; i++)
        {
            Assert.False(cache.TryParse("gtt(tags/a,1)", out _, out var problem));
            Assert.Equal("filter-invalid", problem.Code);
        }

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Filters_beyond_the_capacity_are_forgotten_but_those_in_use()
    {
        var cache = new FilterCache(capacity: 2000);
        var used = Parse(cache, "eq(tags/a,1)");
        for (var i = 0; i < 10_000; i++)
        {
            Parse(cache, string.Create(CultureInfo.InvariantCulture, $"eq(tags/b,{i})"));
            Assert.Same(used, Parse(cache, "eq(tags/a,1)"));
        }

        Assert.InRange(cache.Count, 1, 2000 / "eq(tags/b,0)".Length + 2);
    }

    private static Filter Parse(FilterCache cache, string text)
    {
        Assert.True(cache.TryParse(text, out var filter, out var problem), problem?.Detail);
        return filter;
    }
}
