namespace Twins.Api.Live;

/// <summary>How often subscriptions of this process send, all together. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class LiveLoad(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends in a window that are many: 5,000 a second, each a wake-up and a system call, take about a tenth of a core.</summary>
    private const int Many = 500;

    private long _started;
    private int _sends;
    private volatile bool _isHigh;

    /// <summary>There is so much to send that it had better be sent in batches.</summary>
    public bool IsHigh => _isHigh;

    /// <summary>Notes that something was sent.</summary>
    public void Sent()
    {
        var now = time.GetTimestamp();
        var started = Volatile.Read(ref _started);
        if (time.GetElapsedTime(started, now) >= Window && Interlocked.CompareExchange(ref _started, now, started) == started)
        {
            _isHigh = Interlocked.Exchange(ref _sends, 0) > Many;
        }

        if (Interlocked.Increment(ref _sends) > Many)
        {
            _isHigh = true;
        }
    }
}
