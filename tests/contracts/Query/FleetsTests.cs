using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

/// <summary>What laws about queries are tested with has to be right itself, and has to meet: a law about nothing always holds.</summary>
public sealed class FleetsTests
{
    [Fact]
    public void All_that_is_asked_is_right() =>
        Gen.Select(Questions.Filters, Questions.Sorts, Questions.Groups).Sample((filter, sort, group) =>
        {
            Assert.True(Rql.TryParseFilter(filter, out _, out var problem), problem?.Detail);
            Assert.True(Rql.TryParseSort(sort, out _, out problem), problem?.Detail);
            Assert.True(Rql.TryParseGroup(group, out _, out problem), problem?.Detail);
        });

    [Fact]
    public void A_fair_part_of_the_filters_holds()
    {
        var (holding, all) = (0, 0);
        Gen.Select(Questions.Filters, Fleets.Twins).Sample(
            (text, twin) =>
            {
                Assert.True(Rql.TryParseFilter(text, out var filter, out _));
                holding += NaiveFilter.Holds(filter, twin.ToString(), Fleets.Now) ? 1 : 0;
                all++;
            },
            iter: 2000,
            threads: 1);
        Assert.InRange((double)holding / all, 0.2, 0.8);
    }
}
