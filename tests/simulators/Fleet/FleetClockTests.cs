using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Twins.Simulators.Fleet;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class FleetClockTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly FleetScheduler _scheduler;

    public FleetClockTests() => _scheduler = new FleetScheduler(_time);

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void It_starts_where_it_is_told_and_runs_as_fast_as_it_is_told()
    {
        var start = Now.AddYears(-1);
        var clock = new FleetClock(_scheduler, _time, start, 1440);
        clock.Begin();
        Assert.Equal(start, clock.Start);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromDays(1), clock.Elapsed);
        Assert.Equal(TimeSpan.FromMinutes(1), clock.Real(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Without_a_start_it_shows_our_time()
    {
        var clock = new FleetClock(_scheduler, _time, null, 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        clock.Begin();
        Assert.Equal(Now.AddSeconds(5), clock.Start);
    }

    [Fact]
    public void What_is_called_at_a_moment_finds_that_it_has_come() =>
        Gen.Select(Gen.Double[0.01, 100_000], Gen.Long[0, TimeSpan.TicksPerDay * 30]).Sample((speed, ticks) =>
        {
            var time = new FakeTimeProvider(Now);
            using var scheduler = new FleetScheduler(time);
            var clock = new FleetClock(scheduler, time, null, speed);
            clock.Begin();
            var moment = TimeSpan.FromTicks(ticks);
            var called = TimeSpan.MinValue;
            clock.At(moment, new Item(() => called = clock.Elapsed));
            time.Advance(clock.Real(moment) + TimeSpan.FromMilliseconds(2));
            Assert.True(called >= moment, $"called at {called}, not {moment}");
        });

    [Fact]
    public void A_moment_that_never_comes_is_no_error()
    {
        var clock = new FleetClock(_scheduler, _time, null, 0.001);
        clock.Begin();
        clock.At(TimeSpan.MaxValue, new Item(() => Assert.Fail("it came")));
        _time.Advance(TimeSpan.FromDays(365));
    }

    private sealed class Item(Action due) : IScheduled
    {
        public void Due() => due();
    }
}
