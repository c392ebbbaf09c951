using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Telemetry;
using Xunit;

namespace Twins.Silo.Tests.Telemetry;

public sealed class LogQuotaTests
{
    [Fact]
    public void Lines_of_a_minute_are_limited()
    {
        var time = new FakeTimeProvider();
        var quota = new LogQuota(perMinute: 3, time);
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => quota.Take()));

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(quota.Take());

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => quota.Take()));
    }
}
