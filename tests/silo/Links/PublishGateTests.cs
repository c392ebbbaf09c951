using Twins.Silo.Links.Broker;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class PublishGateTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly PublishGate _gate = new();

    [Fact]
    public void Publish_knows_whether_it_was_alone()
    {
        using var first = _gate.TryEnter()!;
        Assert.True(first.IsAlone);
        using var second = _gate.TryEnter()!;
        Assert.False(first.IsAlone);
        Assert.False(second.IsAlone);
    }

    [Fact]
    public async Task Lone_publish_waits_for_others_and_lets_none_in()
    {
        var first = _gate.TryEnter()!;
        var alone = _gate.TryEnterAloneAsync(Long, TimeProvider.System);
        Assert.Null(_gate.TryEnter());
        Assert.Null(await _gate.TryEnterAloneAsync(Long, TimeProvider.System));
        Assert.False(alone.IsCompleted);

        first.Dispose();
        var place = await alone;
        Assert.True(place!.IsAlone);
        Assert.Null(_gate.TryEnter());

        place.Dispose();
        using var next = _gate.TryEnter();
        Assert.True(next!.IsAlone);
    }

    [Fact]
    public async Task Lone_publish_gives_up_after_its_timeout()
    {
        using var first = _gate.TryEnter();
        Assert.Null(await _gate.TryEnterAloneAsync(TimeSpan.Zero, TimeProvider.System));
        using var second = _gate.TryEnter();
        Assert.NotNull(second);
    }
}
