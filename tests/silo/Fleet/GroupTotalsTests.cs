using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Silo.Fleet;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class GroupTotalsTests
{
    private static readonly Measure[] Count = Rql.TryParseMeasures("count", out var measures, out _) ? measures : [];

    [Fact]
    public void Groups_of_all_partitions_are_too_many_when_their_texts_are_too_long_together()
    {
        // Two of half of what they may have together, in UTF-8; the same ones again are no more.
        var half = new string('é', FleetGroups.MaxKeyBytes / 4 - 1);
        FleetGroups Part(string end) => new([new TwinGroup([new SortValue(SortValueKind.Text, Text: half + end)], [new GroupFigure(1, 0, SortValue.Missing)])]);

        var groups = GroupTotals.Of([Part("a"), Part("b"), Part("a")], Count, 10);
        Assert.Equal([2, 1], groups!.Select(static group => group.Figures[0].Count));
        Assert.Null(GroupTotals.Of([Part("a"), Part("b"), Part("cdefg")], Count, 10));
    }
}
