using Microsoft.Extensions.Time.Testing;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class FleetSchedulerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FleetScheduler _scheduler;
    private readonly List<string> _called = [];

    public FleetSchedulerTests() => _scheduler = new FleetScheduler(_time);

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void Items_are_called_once_in_the_order_of_their_time()
    {
        At(30, "c");
        At(10, "a");
        At(20, "b");
        _time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Empty(_called);
        _time.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal(["a", "b"], _called);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["a", "b", "c"], _called);
    }

    [Fact]
    public void An_item_may_schedule_itself_again()
    {
        var start = _scheduler.Now;
        var count = 0;
        Item? item = null;
        item = new Item(() => _scheduler.At(start + _scheduler.Ticks(TimeSpan.FromSeconds(++count)), item!));
        item.Due();
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6, count);
    }

    [Fact]
    public async Task A_delay_ends_on_time_or_when_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var delay = _scheduler.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        var cancelled = _scheduler.DelayAsync(TimeSpan.FromSeconds(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await delay;
    }

    [Fact]
    public async Task Connects_are_spread_over_time()
    {
        var pacer = new ConnectPacer(_scheduler, Rate.FromPerSecond(10));
        var turns = Enumerable.Range(0, 5).Select(_ => pacer.WaitAsync(CancellationToken.None)).ToArray();
        Assert.True(turns[0].IsCompleted);
        for (var turn = 1; turn < turns.Length; turn++)
        {
            Assert.False(turns[turn].IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await turns[turn];
        }
    }

    [Fact]
    public void Pauses_double_up_to_the_limit_and_jitter()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(1));
        double[] full = [1, 2, 4, 8, 16, 30, 30];
        foreach (var most in full)
        {
            Assert.InRange(backoff.Next().TotalSeconds, most / 2, most);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    private void At(int milliseconds, string name) =>
        _scheduler.At(_scheduler.Now + _scheduler.Ticks(TimeSpan.FromMilliseconds(milliseconds)), new Item(() => _called.Add(name)));

    private sealed class Item(Action due) : IScheduled
    {
        public void Due() => due();
    }
}
