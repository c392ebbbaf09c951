using Twins.Simulators.Behaviours;
using Twins.Simulators.Devices;
using Twins.Simulators.Faults;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Fleet;

/// <summary>
/// A fleet of made-up devices on one broker or gateway. Writes nothing to the console; safe for use from any thread.
/// </summary>
/// <example>
/// <code>
/// await using var fleet = SimulatedFleet.OfKinds(new FleetOptions(), "demo", 25, TimeSpan.FromSeconds(2), SimulatedFleet.Kinds);
/// fleet.Start();
/// // ...
/// await fleet.StopAsync();
/// Console.WriteLine(fleet.Snapshot().Published);
/// </code>
/// </example>
public sealed class SimulatedFleet : IFleet
{
    private static readonly TimeSpan FinishPoll = TimeSpan.FromMilliseconds(20);

    private readonly FleetEngine _engine;
    private readonly FleetPlan _plan;
    private readonly List<SimulatedDevice> _devices = [];

    /// <summary>Makes the devices of a plan; none connects before <see cref="Start"/>.</summary>
    /// <param name="options">How they connect.</param>
    /// <param name="plan">What they are and do.</param>
    /// <param name="model">Makes what a device measures, from its kind, serial number, randomness, and when it begins; null: as the plan says.</param>
    /// <exception cref="ArgumentException">The plan makes no fleet.</exception>
    /// <exception cref="FleetOptionsException">A file that the options name cannot be read or used.</exception>
    internal SimulatedFleet(
        FleetOptions options, FleetPlan plan, Func<KindPlan, int, Random, DateTimeOffset, IDeviceModel>? model = null)
    {
        if (!(plan.Speed > 0) || plan.Kinds.Sum(static kind => kind.Count) < 1)
        {
            throw new ArgumentException("a fleet needs at least one device, and a speed of more than 0", nameof(plan));
        }

        Options = options;
        _plan = plan;
        _engine = new FleetEngine(options, plan.Start, plan.Speed);
        _engine.Clock.End = plan.Duration ?? TimeSpan.MaxValue;
        var roll = FleetRoll.Of(plan);
        var faults = new FaultSchedule(plan, options.Seed, roll);
        var kinds = plan.Kinds.ToDictionary(static kind => kind.Name, kind => new SimulatedKind(kind, model ?? Model), StringComparer.Ordinal);
        foreach (var connection in Enumerable.Range(0, roll.Count).GroupBy(index => roll[index].Connection))
        {
            var link = new SharedLink();
            var devices = connection
                .Select(index => new SimulatedDevice(_engine, kinds[roll[index].Kind.Name], roll[index].Id, index, link, faults.Of(index, connection.Key)))
                .ToList();
            foreach (var (device, session) in devices.Zip(_engine.AddShared(devices)))
            {
                device.Session = session;
            }

            _devices.AddRange(devices);
        }

        Ids = [.. roll.Select(static entry => entry.Id)];
        SayWhatCanNotBeSeen();
    }

    /// <summary>The names of the kinds for <see cref="OfKinds"/>.</summary>
    public static IReadOnlyList<string> Kinds => KindLibrary.All;

    /// <summary>How the devices connect.</summary>
    public FleetOptions Options { get; }

    /// <summary>The twin ids of the devices.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>A fleet without a plan: so many devices, dealt out in turn to kinds of the library.</summary>
    /// <param name="options">How they connect.</param>
    /// <param name="prefix">The namespace of the twin ids: <c>{prefix}:{kind}-{n}</c>.</param>
    /// <param name="devices">How many; at least 1.</param>
    /// <param name="interval">How often each reports.</param>
    /// <param name="kinds">Names out of <see cref="Kinds"/>; at least one.</param>
    public static SimulatedFleet OfKinds(FleetOptions options, string prefix, int devices, TimeSpan interval, IReadOnlyList<string> kinds) =>
        new(options, KindLibrary.Plan(kinds, devices, interval, prefix));

    /// <summary>Starts to connect the devices, at the options' pace, and returns at once.</summary>
    /// <exception cref="InvalidOperationException">The fleet was started before.</exception>
    public void Start() => _engine.Start();

    /// <summary>Stops reporting, waits for acknowledgements as long as the options say, and disconnects.</summary>
    /// <param name="cancellationToken">When cancelled, acknowledgements are no longer waited for.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _engine.StopAsync(cancellationToken);

    /// <summary>
    /// Sets the tags, starts, runs for the duration or until cancelled or until <see cref="FleetOptions.GiveUpAfter"/>,
    /// and stops in good order: what was due until the end is sent. Cancelling is a normal end, not an exception.
    /// </summary>
    /// <param name="duration">How long, by the fleet's clock; null: as the plan says, or else until cancelled.</param>
    /// <param name="cancellationToken">Ends the run early; then what is due and not sent is left.</param>
    /// <returns>The numbers of the whole run.</returns>
    public async Task<FleetSnapshot> RunAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        if (duration is not null)
        {
            _engine.Clock.End = duration.Value;
        }

        await SetTagsAsync(cancellationToken);
        Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = (duration ?? _plan.Duration) is { } span
            ? _engine.Scheduler.DelayAsync(_engine.Clock.Real(span), ended.Token)
            : Task.Delay(Timeout.Infinite, ended.Token);
        await Task.WhenAny(over, _engine.GivenUpAsync(ended.Token));
        if (over.IsCompletedSuccessfully)
        {
            await FinishAsync(cancellationToken);
        }

        await ended.CancelAsync();
        await StopAsync(CancellationToken.None);
        return Snapshot();
    }

    /// <inheritdoc/>
    public FleetSnapshot Snapshot() => _engine.Snapshot();

    /// <inheritdoc/>
    public IReadOnlyList<LatencyBucket> LatencyDistribution() => _engine.Latency.Distribution();

    /// <summary>Stops the fleet, if it runs, without waiting for acknowledgements.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _engine.Dispose();
    }

    private static DeviceModel Model(KindPlan kind, int serial, Random random, DateTimeOffset start) => new(kind, serial, random, start);

    private async Task SetTagsAsync(CancellationToken cancellationToken)
    {
        if (_plan.Kinds.All(static kind => kind.Tags.Count == 0))
        {
            return;
        }

        if (Options.Api is null)
        {
            _engine.Troubles.Report("tags-left-out", "the tags of the plan are not set: that goes over REST, and no API address was given");
            return;
        }

        using var tags = new TwinTags(_engine, Options.Api);
        try
        {
            await tags.SetAsync(FleetRoll.Of(_plan), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over before it began, and ends in good order.
        }
    }

    // Waits until every device has sent all that was due, as long as anything goes on. The first connections may take longer
    // than a short run.
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        var tally = _engine.Tally;
        var since = _engine.Scheduler.Now;
        var progress = -1L;
        while (Interlocked.Read(ref tally.Finished) < _devices.Count
            && (Interlocked.Read(ref tally.EverConnected) > 0 || Interlocked.Read(ref tally.FailedConnects) == 0)
            && !cancellationToken.IsCancellationRequested)
        {
            var now = Interlocked.Read(ref tally.Readings) + Interlocked.Read(ref tally.Acknowledged) + Interlocked.Read(ref tally.Connects);
            if (now != progress)
            {
                (progress, since) = (now, _engine.Scheduler.Now);
            }
            else if (_engine.Scheduler.Between(since, _engine.Scheduler.Now) > Options.DrainTimeout)
            {
                break;
            }

            await _engine.Scheduler.DelayAsync(FinishPoll, CancellationToken.None);
        }

        // Where nobody ever connected, that is what has to be said, and is.
        if (Interlocked.Read(ref tally.EverConnected) > 0
            && !cancellationToken.IsCancellationRequested
            && _devices.Count(static device => device.GiveUp()) is > 0 and var left)
        {
            _engine.Troubles.Report("unfinished", $"{left} of {_devices.Count} devices could not send all that was due until the end; it is counted as skipped");
        }
    }

    private void SayWhatCanNotBeSeen()
    {
        foreach (var fault in _plan.Faults.Where(static fault => fault.Kind == FaultKind.Skew))
        {
            if (_plan.Kinds.FirstOrDefault(kind => !kind.Timestamps && (fault.Kinds.Count == 0 || fault.Kinds.Contains(kind.Name))) is { } kind)
            {
                _engine.Troubles.Report("skew-unseen", $"the clock of a {kind.Name} is off, and nobody will see it: its reports have no times; let the kind send timestamps");
            }
        }
    }
}
