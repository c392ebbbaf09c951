using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class TakeoverRateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Fifth_takeover_within_a_minute_is_a_conflict()
    {
        var rate = new TakeoverRate(_time);
        var conflicts = Enumerable.Range(0, 120).Select(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return rate.Note();
        }).Count(conflict => conflict);

        // Once in each minute.
        Assert.Equal(2, conflicts);
    }

    [Fact]
    public void Client_that_reconnects_now_and_then_is_no_conflict()
    {
        var rate = new TakeoverRate(_time);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            Assert.False(rate.Note());
        }
    }
}
