namespace Twins.Simulators.Fleet;

/// <summary>
/// The fleet's own clock: it starts where a plan says and runs so many times as fast as ours. What a plan says of time it
/// says of this clock; time-outs, back-off and latency are measured on ours.
/// </summary>
/// <remarks>
/// A device reads it only to know whether it may go on: what it does next, and at which moment, it works out from the plan
/// and the seed. So a machine that is too slow makes a device late, never one report more or less or different.
/// </remarks>
internal sealed class FleetClock(FleetScheduler scheduler, TimeProvider time, DateTimeOffset? start, double speed)
{
    private long _began;

    /// <summary>What it showed at the start.</summary>
    public DateTimeOffset Start { get; private set; }

    /// <summary>When nothing is due any more, since the start; set before it.</summary>
    public TimeSpan End { get; set; } = TimeSpan.MaxValue;

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => scheduler.Between(_began, scheduler.Now) * speed;

    /// <summary>Starts it.</summary>
    public void Begin()
    {
        _began = scheduler.Now;

        // Whole milliseconds, as the times in messages.
        Start = start ?? DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>So much of its time, in ours.</summary>
    public TimeSpan Real(TimeSpan span)
    {
        var ticks = span.Ticks / speed;
        return ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : TimeSpan.MaxValue;
    }

    /// <summary>Calls the item once, when so much time has passed since the start.</summary>
    public void At(TimeSpan moment, IScheduled item)
    {
        // Far beyond the life of a process, and short of what a timestamp holds.
        var real = Real(moment);
        var longest = TimeSpan.FromDays(3650);

        // One tick more: a call that comes early would only be made again.
        scheduler.At(_began + scheduler.Ticks(real < longest ? real : longest) + 1, item);
    }
}
