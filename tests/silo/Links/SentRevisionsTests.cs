using Twins.Silo.Links;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class SentRevisionsTests
{
    [Fact]
    public void Lower_revision_of_a_device_is_refused()
    {
        var sent = new SentRevisions(capacity: 10);

        Assert.True(sent.TryAdvance("a", 5));
        Assert.True(sent.TryAdvance("b", 1));
        Assert.False(sent.TryAdvance("a", 4));
        Assert.True(sent.TryAdvance("a", 5));
        Assert.True(sent.TryAdvance("a", 6));
    }

    [Fact]
    public void At_least_the_capacity_is_remembered()
    {
        var sent = new SentRevisions(capacity: 10);
        for (var i = 0; i < 25; i++)
        {
            Assert.True(sent.TryAdvance($"{i}", 2));
        }

        for (var i = 15; i < 25; i++)
        {
            Assert.False(sent.TryAdvance($"{i}", 1));
        }

        Assert.True(sent.TryAdvance("0", 1));
    }
}
