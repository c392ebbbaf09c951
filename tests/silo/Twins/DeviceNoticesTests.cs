using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

public sealed class DeviceNoticesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void First_notice_is_due_at_once_and_the_next_after_the_interval()
    {
        var notices = new DeviceNotices(_time);

        Assert.True(notices.TryTakeStale());
        _time.Advance(DeviceNotices.StaleInterval - TimeSpan.FromTicks(1));
        Assert.False(notices.TryTakeStale());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(notices.TryTakeStale());
        Assert.False(notices.TryTakeStale());
    }

    [Fact]
    public void Kinds_do_not_wait_for_one_another()
    {
        var notices = new DeviceNotices(_time);

        Assert.True(notices.TryTakeStale());
        Assert.True(notices.TryTakeClockAhead());
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(notices.TryTakeStale());
        Assert.False(notices.TryTakeClockAhead());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(notices.TryTakeClockAhead());
    }
}
