using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Membership;
using Xunit;

namespace Twins.Silo.Tests.Membership;

public sealed class PulseTests
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_long = s_probe * 2;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Who_stood_still_is_doubtful_until_the_next_beat()
    {
        var pulse = new Pulse(_time, s_probe);
        pulse.Beat();
        Assert.False(pulse.IsDoubtful);
        Assert.True(await pulse.Certain());

        _time.Advance(s_long);
        Assert.True(pulse.IsDoubtful);
        Assert.Equal(s_long, pulse.Stood);
        var certain = pulse.Certain();
        Assert.False(certain.IsCompleted);

        pulse.Beat();
        _time.Advance(TimeSpan.FromMilliseconds(25));
        Assert.True(await certain);
    }

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        var pulse = new Pulse(_time, s_probe);
        pulse.Beat();
        _time.Advance(s_long);
        var certain = pulse.Certain();
        while (!certain.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(await certain);
    }

    [Fact]
    public void Where_nobody_watches_there_is_no_doubt()
    {
        var pulse = new Pulse(_time, s_probe);
        _time.Advance(s_long);
        Assert.False(pulse.IsDoubtful);

        pulse.Beat();
        _time.Advance(s_long);
        pulse.Rest();
        Assert.False(pulse.IsDoubtful);
    }
}
