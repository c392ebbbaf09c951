using HdrHistogram;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>What all watchers have seen up to now. Safe for any thread.</summary>
internal sealed class WatchCount(WatchPlan plan)
{
    private readonly int[][] _thresholds = plan.TenthsBySite();
    private readonly long _since = FleetPayload.Now;

    // Microseconds, up to two minutes, three digits.
    private readonly LongConcurrentHistogram _filtered = new(1, 120_000_000, 3);
    private readonly LongConcurrentHistogram _all = new(1, 120_000_000, 3);
    private long _expected;
    private long _resets;

    /// <summary>An event has come to a watcher with a filter.</summary>
    /// <param name="sent">Unix microseconds.</param>
    public void Filtered(long sent) => Record(_filtered, sent);

    /// <summary>An event has come to the one without.</summary>
    /// <param name="sent">Unix microseconds.</param>
    /// <param name="site">The number of the site.</param>
    /// <param name="tenths">The temperature.</param>
    public void Any(long sent, int site, int tenths)
    {
        if (!Record(_all, sent))
        {
            return;
        }

        foreach (var threshold in _thresholds[site])
        {
            if (threshold >= tenths)
            {
                break;
            }

            Interlocked.Increment(ref _expected);
        }
    }

    /// <summary>A watcher was told that events were missed.</summary>
    public void Reset() => Interlocked.Increment(ref _resets);

    public WatchResult Result() => new(
        _filtered.TotalCount,
        Interlocked.Read(ref _expected),
        _all.TotalCount,
        Interlocked.Read(ref _resets),
        Percentile(_filtered, 50),
        Percentile(_filtered, 99),
        Percentile(_filtered, 100),
        Percentile(_all, 50),
        Percentile(_all, 99),
        Percentile(_all, 100));

    private static double Percentile(LongConcurrentHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;

    /// <summary>Unless it was sent before the count began.</summary>
    private bool Record(LongConcurrentHistogram histogram, long sent)
    {
        if (sent < _since)
        {
            return false;
        }

        histogram.RecordValue(Math.Max(1, FleetPayload.Now - sent));
        return true;
    }
}
