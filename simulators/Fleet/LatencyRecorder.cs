using HdrHistogram;

namespace Twins.Simulators.Fleet;

/// <summary>Latencies of the whole run and of the last moment; recording is safe from any thread and takes no lock.</summary>
internal sealed class LatencyRecorder
{
    // Microseconds up to an hour (a message resent after an outage counts from its first send), three digits: 180 KB each.
    private const long HighestMicroseconds = 3_600_000_000;

    private const int BucketsPerDecade = 10;

    private readonly Recorder _recorder = HistogramFactory.With64BitBucketSize()
        .WithValuesUpTo(HighestMicroseconds).WithPrecisionOf(3).WithThreadSafeWrites().WithThreadSafeReads().Create();

    private readonly Lock _gate = new();
    private readonly LongHistogram _total = new(HighestMicroseconds, 3);
    private HistogramBase? _interval;
    private LatencySummary _recent = LatencySummary.None;

    /// <summary>The last moment in which anything was acknowledged.</summary>
    public LatencySummary Recent => Volatile.Read(ref _recent);

    /// <summary>Records how long a message took from its first send to its acknowledgement.</summary>
    public void Record(TimeSpan latency) =>
        _recorder.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, HighestMicroseconds));

    /// <summary>Ends the moment: what was recorded since the last call becomes <see cref="Recent"/>.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            // Histograms cannot be read while they are written to; the recorder hands out one nobody writes to any more.
            _interval = _recorder.GetIntervalHistogram(_interval);
            if (_interval.TotalCount > 0)
            {
                _total.Add(_interval);
                Volatile.Write(ref _recent, Summarize(_interval));
            }
        }
    }

    /// <summary>The run up to the last <see cref="Rotate"/>.</summary>
    public LatencySummary Summarize()
    {
        lock (_gate)
        {
            return _total.TotalCount == 0 ? LatencySummary.None : Summarize(_total);
        }
    }

    /// <summary>The run up to the last <see cref="Rotate"/> in buckets, ten to a decade, from the first with anything in it to the last.</summary>
    public IReadOnlyList<LatencyBucket> Distribution()
    {
        var counts = new SortedDictionary<int, long>();
        lock (_gate)
        {
            foreach (var step in _total.RecordedValues())
            {
                var bucket = (int)Math.Ceiling(Math.Log10(step.ValueIteratedTo) * BucketsPerDecade);
                counts[bucket] = counts.GetValueOrDefault(bucket) + step.CountAddedInThisIterationStep;
            }
        }

        return counts.Count == 0 ? [] : [.. Enumerable.Range(counts.Keys.First(), counts.Keys.Last() - counts.Keys.First() + 1)
            .Select(bucket => new LatencyBucket(Edge(bucket - 1), Edge(bucket), counts.GetValueOrDefault(bucket)))];
    }

    private static double Edge(int bucket) => Math.Pow(10, (double)bucket / BucketsPerDecade) / 1000;

    private static LatencySummary Summarize(HistogramBase histogram)
    {
        double At(double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
        return new LatencySummary(
            histogram.TotalCount, histogram.GetMean() / 1000.0, At(50), At(90), At(99), At(99.9), histogram.GetMaxValue() / 1000.0);
    }
}
