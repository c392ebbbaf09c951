namespace Twins.Simulators.Fleet;

/// <summary>Spreads connects evenly, so that ten thousand devices coming back at once do not knock the broker over.</summary>
internal sealed class ConnectPacer(FleetScheduler scheduler, Rate rate)
{
    private readonly Lock _gate = new();
    private readonly long _interval = scheduler.Ticks(rate.Interval);
    private long _nextSlot = long.MinValue;

    /// <summary>Completes when it is the caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        long now, slot;
        lock (_gate)
        {
            now = scheduler.Now;
            slot = Math.Max(now, _nextSlot);
            _nextSlot = slot + _interval;
        }

        return scheduler.DelayAsync(scheduler.Between(now, slot), cancellationToken);
    }
}
