using Twins.Simulators.Devices;

namespace Twins.Simulators.Fleet;

/// <summary>
/// A fleet of made-up devices on one broker or gateway. Writes nothing to the console; safe for use from any thread.
/// </summary>
/// <example>
/// <code>
/// await using var fleet = new SimulatedFleet(new FleetOptions { Devices = 25, Prefix = "demo" });
/// fleet.Start();
/// // ...
/// await fleet.StopAsync();
/// Console.WriteLine(fleet.Snapshot().Published);
/// </code>
/// </example>
public sealed class SimulatedFleet : IFleet
{
    private readonly FleetEngine _engine;

    /// <summary>Makes the devices; none connects before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">The options make no fleet.</exception>
    public SimulatedFleet(FleetOptions options)
    {
        if (options.Devices < 1 || options.Kinds.Count == 0)
        {
            throw new ArgumentException("a fleet needs at least one device and one kind of devices", nameof(options));
        }

        Options = options;
        _engine = new FleetEngine(options);
        var ids = new string[options.Devices];
        for (var index = 0; index < options.Devices; index++)
        {
            var kind = options.Kinds[index % options.Kinds.Count];
            ids[index] = new SimulatedDevice(_engine, kind, index / options.Kinds.Count + 1, index).Id;
        }

        Ids = ids;
    }

    /// <summary>What the fleet was made from.</summary>
    public FleetOptions Options { get; }

    /// <summary>The twin ids of the devices.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Starts to connect the devices, at the options' pace, and returns at once.</summary>
    /// <exception cref="InvalidOperationException">The fleet was started before.</exception>
    public void Start() => _engine.Start();

    /// <summary>Stops reporting, waits for acknowledgements as long as the options say, and disconnects.</summary>
    /// <param name="cancellationToken">When cancelled, acknowledgements are no longer waited for.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _engine.StopAsync(cancellationToken);

    /// <summary>
    /// Starts, runs for the duration or until cancelled or until <see cref="FleetOptions.GiveUpAfter"/>, and stops in
    /// good order. Cancelling is a normal end, not an exception.
    /// </summary>
    /// <param name="duration">How long; null: until cancelled.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <returns>The numbers of the whole run.</returns>
    public async Task<FleetSnapshot> RunAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = duration is { } span
            ? _engine.Scheduler.DelayAsync(span, ended.Token)
            : Task.Delay(Timeout.Infinite, ended.Token);
        await Task.WhenAny(over, _engine.GivenUpAsync(ended.Token));
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
}
