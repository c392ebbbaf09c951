using System.Text;
using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Events;
using Twins.Silo.Egress;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class EventFilterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Where_none_is_set_there_is_none() => Assert.Null(EventFilter.Of("", _time));

    [Fact]
    public void Events_are_handed_on_after_which_it_holds_for_the_twin()
    {
        var filter = EventFilter.Of("and(eq(tags/site,\"rotterdam\"),gt(reported/t,10))", _time)!;

        Assert.True(filter.Holds(Event("""{"tags":{"site":"rotterdam"},"reported":{"t":11}}""")));
        Assert.False(filter.Holds(Event("""{"tags":{"site":"rotterdam"},"reported":{"t":10}}""")));
        Assert.False(filter.Holds(Event("""{"tags":{},"reported":{"t":11}}""")));
        Assert.True(filter.Holds(Event("""{"tags":{"site":"rotterdam"},"reported":{"t":11}}""")));
    }

    [Fact]
    public void It_knows_what_time_it_is()
    {
        var filter = EventFilter.Of("gt(reported/at,time:now-1m)", _time)!;
        var twinEvent = Event("""{"tags":{},"reported":{"at":"2026-01-02T03:04:00Z"}}""");

        Assert.True(filter.Holds(twinEvent));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(filter.Holds(twinEvent));
    }

    [Fact]
    public void What_nobody_can_say_is_handed_on() => Assert.True(EventFilter.Of("eq(id,\"x\")", _time)!.Holds(Event(null)));

    private static TwinEvent Event(string? document) => new("pump", "1-changed", "changed", 1, DateTimeOffset.UnixEpoch, "{}"u8.ToArray())
    {
        Document = document is null ? null : Encoding.UTF8.GetBytes(document),
    };
}
