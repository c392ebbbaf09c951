namespace Twins.Simulators.Fleet;

/// <summary>
/// One timer for a whole fleet: a queue ordered by due time, and a single one-shot timer set to its head. Ten thousand
/// devices cost ten thousand queue entries, not ten thousand timers.
/// </summary>
internal sealed class FleetScheduler : IDisposable
{
    // Timers count up to 49 days; one that fires early is set again.
    private const long LongestTimer = 24 * 3600 * 1000;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<IScheduled, long> _queue = new();
    private long _armedFor = long.MaxValue;
    private bool _running;
    private bool _disposed;

    public FleetScheduler(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((FleetScheduler)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock's timestamp now, the unit of <see cref="At"/>.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>So much time in timestamp units.</summary>
    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>The time between two timestamps.</summary>
    public TimeSpan Between(long from, long to) => _time.GetElapsedTime(from, to);

    /// <summary>Calls the item once, when the clock has reached the timestamp.</summary>
    public void At(long timestamp, IScheduled item)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _queue.Enqueue(item, timestamp);
            if (!_running && timestamp < _armedFor)
            {
                Arm(timestamp);
            }
        }
    }

    /// <summary>Completes after the span.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task DelayAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (span <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        var delay = new ScheduledDelay(cancellationToken);
        At(Now + Ticks(span), delay);
        return delay.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _queue.Clear();
        }

        _timer.Dispose();
    }

    private void Run()
    {
        lock (_gate)
        {
            if (_running || _disposed)
            {
                return;
            }

            _running = true;
            _armedFor = long.MaxValue;
        }

        while (TakeDue() is { } item)
        {
            item.Due();
        }
    }

    private IScheduled? TakeDue()
    {
        lock (_gate)
        {
            if (!_disposed && _queue.TryPeek(out _, out var due))
            {
                if (due <= _time.GetTimestamp())
                {
                    return _queue.Dequeue();
                }

                Arm(due);
            }

            _running = false;
            return null;
        }
    }

    private void Arm(long timestamp)
    {
        _armedFor = timestamp;
        var wait = Math.Max(0, timestamp - _time.GetTimestamp());

        // Rounded up: a timer counts whole milliseconds, and one that fires early would only be set again.
        var milliseconds = (wait * 1000 + _time.TimestampFrequency - 1) / _time.TimestampFrequency;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestTimer)), Timeout.InfiniteTimeSpan);
    }
}
