using Twins.Simulators.Fleet;

namespace Twins.Simulators.Reporting;

/// <summary>
/// A run over time: a sample each second, and when there are more than 600, two of them become one. So it takes the same
/// space for a minute and for a week. Not safe for several threads, but for reading after <see cref="SampleAsync"/>.
/// </summary>
internal sealed class RunSeries
{
    private const int Most = 600;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly List<RunSample> _samples = [];
    private FleetSnapshot _last = new();
    private RunSample? _pending;
    private int _merged = 1;
    private int _pendingCount;

    /// <summary>The samples in the order of time, without gaps.</summary>
    public IReadOnlyList<RunSample> Samples => _pending is null ? _samples : [.. _samples, _pending];

    /// <summary>Samples until the token is cancelled, which is the normal end.</summary>
    public async Task SampleAsync(Func<FleetSnapshot> snapshot, TimeProvider time, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                Add(snapshot());
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>Takes the numbers since the last ones.</summary>
    public void Add(FleetSnapshot now)
    {
        if (now.Elapsed <= _last.Elapsed)
        {
            return;
        }

        // The latencies of the last second may not have been counted yet in the first.
        var isQuiet = now.Acknowledged == _last.Acknowledged || now.RecentLatency.Count == 0;
        var sample = new RunSample(
            _last.Elapsed,
            now.Elapsed,
            now.Published - _last.Published,
            now.Acknowledged - _last.Acknowledged,
            now.State == FleetState.Stopped ? _last.Connected : now.Connected,
            isQuiet ? null : now.RecentLatency.P50,
            isQuiet ? null : now.RecentLatency.P99,
            now.Faults.Where(kind => kind.Value > _last.Faults.GetValueOrDefault(kind.Key))
                .ToDictionary(static kind => kind.Key, kind => kind.Value - _last.Faults.GetValueOrDefault(kind.Key), StringComparer.Ordinal));
        var isSliver = now.Elapsed - _last.Elapsed < Every / 2;
        _last = now;
        if (isSliver && _pending is null && _samples.Count > 0)
        {
            // What is left at the end, mostly good-byes, would be a spike of its own.
            _samples[^1] = _samples[^1].And(sample);
            return;
        }

        _pending = _pending?.And(sample) ?? sample;
        if (++_pendingCount < _merged)
        {
            return;
        }

        _samples.Add(_pending);
        (_pending, _pendingCount) = (null, 0);
        if (_samples.Count > Most)
        {
            Halve();
        }
    }

    private void Halve()
    {
        var halves = _samples.Chunk(2).Select(static pair => pair.Length == 2 ? pair[0].And(pair[1]) : pair[0]).ToList();
        _samples.Clear();
        _samples.AddRange(halves);
        _merged *= 2;
    }
}
