using System.Diagnostics;
using HdrHistogram;

namespace Twins.Benchmarks.Load;

/// <summary>One round of load over all connections: how long it goes on, and what it has measured. Safe for any thread.</summary>
internal sealed class LoadRound
{
    // Microseconds, up to two minutes, three digits.
    private readonly LongConcurrentHistogram _latency = new(1, 120_000_000, 3);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private volatile bool _ended;
    private TimeSpan _elapsed;
    private long _sent;

    /// <summary>Nothing more is to be sent, and what is acknowledged from now on does not count.</summary>
    public bool Ended => _ended;

    /// <summary>Ends it.</summary>
    public void End()
    {
        _elapsed = Stopwatch.GetElapsedTime(_started);
        _ended = true;
    }

    /// <summary>Counts messages acknowledged.</summary>
    public void Acknowledged(long sentAt, int count)
    {
        if (!_ended)
        {
            _latency.RecordValueWithCount(Math.Max(1, (long)Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds), count);
        }
    }

    /// <summary>A connection has sent so many, and all of them are acknowledged, be it after the end.</summary>
    public void Completed(long sent) => Interlocked.Add(ref _sent, sent);

    /// <summary>What it has come to.</summary>
    public LoadResult Result() => new(
        _latency.TotalCount,
        Interlocked.Read(ref _sent),
        _elapsed.TotalSeconds,
        Percentile(50),
        Percentile(99),
        Percentile(100),
        (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds);

    private double Percentile(double percentile) => _latency.TotalCount == 0 ? 0 : _latency.GetValueAtPercentile(percentile) / 1000.0;
}
