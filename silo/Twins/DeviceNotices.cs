namespace Twins.Silo.Twins;

/// <summary>
/// Limits how often a device is told about messages that were taken although something is wrong with them: a device whose order is wrong
/// sends such messages all the time. Kept in memory only. Not thread-safe.
/// </summary>
internal sealed class DeviceNotices(TimeProvider time)
{
    /// <summary>The time between two <c>stale</c> problems.</summary>
    public static readonly TimeSpan StaleInterval = TimeSpan.FromMinutes(1);

    /// <summary>The time between two <c>clock-ahead</c> problems.</summary>
    public static readonly TimeSpan ClockAheadInterval = TimeSpan.FromHours(1);

    private long? _stale;
    private long? _clockAhead;

    /// <summary>Returns whether a <c>stale</c> problem is due, and notes it if it is.</summary>
    public bool TryTakeStale() => TryTake(ref _stale, StaleInterval);

    /// <summary>Returns whether a <c>clock-ahead</c> problem is due, and notes it if it is.</summary>
    public bool TryTakeClockAhead() => TryTake(ref _clockAhead, ClockAheadInterval);

    private bool TryTake(ref long? last, TimeSpan interval)
    {
        if (last is { } at && time.GetElapsedTime(at) < interval)
        {
            return false;
        }

        last = time.GetTimestamp();
        return true;
    }
}
