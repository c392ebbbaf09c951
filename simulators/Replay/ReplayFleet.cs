using Twins.Simulators.Fleet;
using Twins.Simulators.Views;

namespace Twins.Simulators.Replay;

/// <summary>The devices of a file, playing back what was recorded. Writes nothing to the console.</summary>
public sealed class ReplayFleet : IFleet
{
    private static readonly TimeSpan ConnectPoll = TimeSpan.FromMilliseconds(20);

    private readonly ReplayFile _file;
    private readonly FleetEngine _engine;
    private readonly Dictionary<string, ReplayedDevice> _devices = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _allDelivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _delivered;
    private long _rounds = 1;

    /// <summary>Makes a device for each in the file; none connects before <see cref="RunAsync"/>.</summary>
    /// <param name="options">How they connect; their number, kinds and rate are the file's.</param>
    /// <param name="file">What they play.</param>
    public ReplayFleet(FleetOptions options, ReplayFile file)
    {
        _file = file;
        _engine = new FleetEngine(options);
        foreach (var id in file.DeviceIds)
        {
            _devices.Add(id, new ReplayedDevice(_engine, id, file.Options.Timestamps, CountDelivered));
        }
    }

    /// <summary>How many readings the file has; of one that is played again and again, in the rounds so far.</summary>
    public long Readings => _file.Readings * Interlocked.Read(ref _rounds);

    /// <summary>How many of them were played and acknowledged.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>How far it is.</summary>
    internal ReplaySummary Progress => new(_file.Options.File, Readings, Delivered);

    /// <summary>
    /// Connects the devices, plays the file, waits until all of it is acknowledged, and disconnects. Ends early when
    /// cancelled, which is not an exception, after the duration, or by <see cref="FleetOptions.GiveUpAfter"/>.
    /// </summary>
    /// <exception cref="ReplayFileException">The file was changed after it had been checked.</exception>
    public async Task<FleetSnapshot> RunAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        _engine.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var playing = PlayAsync(ended.Token);
        var over = duration is { } span
            ? _engine.Scheduler.DelayAsync(span, ended.Token)
            : Task.Delay(Timeout.Infinite, ended.Token);
        await Task.WhenAny(playing, over, _engine.GivenUpAsync(ended.Token));
        await ended.CancelAsync();
        await _engine.StopAsync(CancellationToken.None);
        try
        {
            await playing;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Stopped before the end of the file.
        }

        return Snapshot();
    }

    /// <inheritdoc/>
    public FleetSnapshot Snapshot() => _engine.Snapshot();

    /// <inheritdoc/>
    public IReadOnlyList<LatencyBucket> LatencyDistribution() => _engine.Latency.Distribution();

    /// <summary>Stops, if it runs, without waiting for acknowledgements.</summary>
    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(new CancellationToken(canceled: true));
        _engine.Dispose();
        foreach (var device in _devices.Values)
        {
            device.Dispose();
        }
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        await AllConnectedAsync(cancellationToken);
        var start = _engine.Scheduler.Now;
        for (var began = TimeSpan.Zero; ; began += _file.Round, Interlocked.Increment(ref _rounds))
        {
            await PlayOnceAsync(start, began, cancellationToken);
            if (!_file.Options.Loop)
            {
                break;
            }
        }

        await _allDelivered.Task.WaitAsync(cancellationToken);
    }

    // One round through the file, which began so long after the first one in the file's time.
    private async Task PlayOnceAsync(long start, TimeSpan began, CancellationToken cancellationToken)
    {
        foreach (var reading in _file.Read())
        {
            if (_file.Options.Speed is { } speed)
            {
                var due = (began + (reading.Time - _file.First)) / speed;
                await _engine.Scheduler.DelayAsync(due - _engine.Scheduler.Between(start, _engine.Scheduler.Now), cancellationToken);
            }

            await _devices[reading.DeviceId].PlayAsync(reading, cancellationToken);
        }
    }

    // So that the pace is that of the file from its first row on. One device that cannot connect holds up nobody for ever.
    private async Task AllConnectedAsync(CancellationToken cancellationToken)
    {
        var options = _engine.Options;
        var patience = options.ConnectTimeout + options.ConnectRate.Interval * _devices.Count;
        var since = _engine.Scheduler.Now;
        while (Interlocked.Read(ref _engine.Tally.EverConnected) < _devices.Count
            && _engine.Scheduler.Between(since, _engine.Scheduler.Now) < patience)
        {
            await _engine.Scheduler.DelayAsync(ConnectPoll, cancellationToken);
        }
    }

    private void CountDelivered()
    {
        if (Interlocked.Increment(ref _delivered) == _file.Readings && !_file.Options.Loop)
        {
            _allDelivered.TrySetResult();
        }
    }
}
