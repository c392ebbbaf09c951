using System.Diagnostics;
using HdrHistogram;

namespace Twins.Simulators.Fleet;

/// <summary>Latencies of the whole run and of the last moment, both safe to record into from any thread.</summary>
internal sealed class LatencyRecorder
{
    // Microseconds up to an hour (a message resent after an outage counts from its first send), three digits: 180 KB each.
    private const long HighestMicroseconds = 3_600_000_000;

    private readonly LongConcurrentHistogram _total = Create();
    private LongConcurrentHistogram _current = Create();
    private LongConcurrentHistogram _spare = Create();
    private LatencySummary _recent = LatencySummary.None;

    /// <summary>The last moment in which anything was acknowledged.</summary>
    public LatencySummary Recent => Volatile.Read(ref _recent);

    /// <summary>Records the time since a <see cref="Stopwatch"/> timestamp.</summary>
    public void RecordSince(long stopwatchTimestamp)
    {
        var microseconds = (long)Stopwatch.GetElapsedTime(stopwatchTimestamp).TotalMicroseconds;
        microseconds = Math.Clamp(microseconds, 1, HighestMicroseconds);
        _total.RecordValue(microseconds);
        Volatile.Read(ref _current).RecordValue(microseconds);
    }

    /// <summary>Ends the moment: what was recorded since the last call becomes <see cref="Recent"/>.</summary>
    public void Rotate()
    {
        var ended = _current;
        if (ended.TotalCount == 0)
        {
            return;
        }

        // A thread that still holds the ended one may add to it while it is summed: a value more or less in a live view.
        Volatile.Write(ref _current, _spare);
        Volatile.Write(ref _recent, Summarize(ended));
        ended.Reset();
        _spare = ended;
    }

    /// <summary>The whole run so far.</summary>
    public LatencySummary Summarize() => Summarize(_total);

    private static LatencySummary Summarize(HistogramBase histogram)
    {
        if (histogram.TotalCount == 0)
        {
            return LatencySummary.None;
        }

        double At(double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
        return new LatencySummary(
            histogram.TotalCount, histogram.GetMean() / 1000.0, At(50), At(90), At(99), At(99.9), histogram.GetMaxValue() / 1000.0);
    }

    private static LongConcurrentHistogram Create() => new(1, HighestMicroseconds, 3);
}
