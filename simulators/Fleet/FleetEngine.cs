using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Fleet;

/// <summary>What made-up and replayed fleets share: clock, counters, and the sessions' beginning and end.</summary>
internal sealed class FleetEngine : IScheduled, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    // A disconnect is one small packet; so many at a time are as fast as all at once, and gentler.
    private const int ParallelCloses = 64;

    private readonly List<ClientSession> _sessions = [];
    private int _devices;
    private long _started;
    private long _stopped;
    private volatile FleetState _state;

    /// <summary>Makes an engine without devices.</summary>
    /// <param name="options">How devices connect.</param>
    /// <param name="start">What the fleet's clock shows at the start; null: our time.</param>
    /// <param name="speed">How many times as fast as ours it runs.</param>
    /// <exception cref="FleetOptionsException">A certificate cannot be read or used.</exception>
    public FleetEngine(FleetOptions options, DateTimeOffset? start = null, double speed = 1)
    {
        Options = options;
        Connector = MqttConnector.Of(options);
        Scheduler = new FleetScheduler(options.Time);
        Clock = new FleetClock(Scheduler, options.Time, start, speed);
        Pacer = new ConnectPacer(Scheduler, options.ConnectRate);
        Troubles = new TroubleLog(options.OnTrouble);
        Epoch = (ulong)options.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public FleetOptions Options { get; }

    public FleetScheduler Scheduler { get; }

    public FleetClock Clock { get; }

    public MqttConnector Connector { get; }

    public ConnectPacer Pacer { get; }

    public TroubleLog Troubles { get; }

    public FleetTally Tally { get; } = new();

    public LatencyRecorder Latency { get; } = new();

    /// <summary>The epoch of this run's sequence numbers: later runs have greater ones.</summary>
    public ulong Epoch { get; }

    /// <summary>Whether new readings are wanted.</summary>
    public bool Running => _state == FleetState.Running;

    /// <summary>Adds a device with a connection of its own; before the start.</summary>
    public DeviceSession Add(IDeviceBehavior device) => AddShared([device])[0];

    /// <summary>
    /// Adds devices that share one connection, as behind a field gateway, with a client id of its own:
    /// <c>{namespace}:gateway-{n}</c>. A single device has a connection of its own. Before the start.
    /// </summary>
    /// <param name="devices">At least one, each once.</param>
    /// <returns>A session for each, in their order.</returns>
    public IReadOnlyList<DeviceSession> AddShared(IReadOnlyList<IDeviceBehavior> devices)
    {
        var session = new ClientSession(this, devices, Seeds.Random(Options.Seed, _devices, Seeds.Network));
        _sessions.Add(session);
        _devices += devices.Count;
        return session.Devices;
    }

    /// <summary>Lets every device connect, at the pace of the options.</summary>
    public void Start()
    {
        if (_state != FleetState.New)
        {
            throw new InvalidOperationException("a fleet starts once; make another one");
        }

        _started = Scheduler.Now;
        Clock.Begin();
        _state = FleetState.Running;
        Scheduler.At(_started + Scheduler.Ticks(Beat), this);
        if (OpenFiles.Objection(_sessions.Count) is { } objection)
        {
            Troubles.Report("too-few-files", objection);
        }

        var ids = new ClientIds(_sessions.SelectMany(static session => session.Devices).Select(static device => device.Id));
        foreach (var session in _sessions)
        {
            session.Start(ids.Of(session.Devices));
        }
    }

    /// <summary>Waits for acknowledgements, as long as the options say, and disconnects.</summary>
    /// <param name="hurry">When cancelled, acknowledgements are no longer waited for.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        if (_state != FleetState.Running)
        {
            return;
        }

        _state = FleetState.Stopping;
        foreach (var session in _sessions)
        {
            session.Leave();
        }

        var since = Scheduler.Now;
        while (Outstanding() > 0 && !hurry.IsCancellationRequested
            && Scheduler.Between(since, Scheduler.Now) < Options.DrainTimeout)
        {
            await Scheduler.DelayAsync(DrainPoll, CancellationToken.None);
        }

        await Parallel.ForEachAsync(
            _sessions,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelCloses },
            static async (session, _) => await session.DisposeAsync());
        Latency.Rotate();
        if (Interlocked.Read(ref Tally.EverConnected) == 0 && Interlocked.Read(ref Tally.FailedConnects) == 0)
        {
            Troubles.Report("none-connected", $"no device had connected to {Options.Broker} when the run ended; let it run longer");
        }

        _stopped = Scheduler.Now;
        _state = FleetState.Stopped;
    }

    /// <summary>Completes when no device has ever connected for as long as the options allow.</summary>
    public async Task GivenUpAsync(CancellationToken cancellationToken)
    {
        if (Options.GiveUpAfter == Timeout.InfiniteTimeSpan)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        await Scheduler.DelayAsync(Options.GiveUpAfter, cancellationToken);
        if (Interlocked.Read(ref Tally.EverConnected) > 0)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private TimeSpan Elapsed => _state switch
    {
        FleetState.New => TimeSpan.Zero,
        FleetState.Stopped => Scheduler.Between(_started, _stopped),
        _ => Scheduler.Between(_started, Scheduler.Now),
    };

    public FleetSnapshot Snapshot() => new()
    {
        State = _state,
        Elapsed = Elapsed,
        VirtualElapsed = _state == FleetState.New ? TimeSpan.Zero : Clock.Elapsed,
        Devices = _devices,
        Connected = Interlocked.Read(ref Tally.Connected),
        EverConnected = Interlocked.Read(ref Tally.EverConnected),
        NeverConnected = _sessions.Sum(static session => session.NeverConnected ? session.Devices.Count : 0),
        Connects = Interlocked.Read(ref Tally.Connects),
        FailedConnects = Interlocked.Read(ref Tally.FailedConnects),
        LostConnections = Interlocked.Read(ref Tally.LostConnections),
        Published = Interlocked.Read(ref Tally.Published),
        Acknowledged = Interlocked.Read(ref Tally.Acknowledged),
        Unacknowledged = Outstanding(),
        Refused = Interlocked.Read(ref Tally.Refused),
        Resent = Interlocked.Read(ref Tally.Resent),
        Skipped = Interlocked.Read(ref Tally.Skipped),
        Readings = Interlocked.Read(ref Tally.Readings),
        DesiredTaken = Interlocked.Read(ref Tally.DesiredTaken),
        DesiredRefused = Interlocked.Read(ref Tally.DesiredRefused),
        CommandsAnswered = Interlocked.Read(ref Tally.CommandsAnswered),
        CommandsUnknown = Interlocked.Read(ref Tally.CommandsUnknown),
        CommandsRepeated = Interlocked.Read(ref Tally.CommandsRepeated),
        CommandsSilent = Interlocked.Read(ref Tally.CommandsSilent),
        CommandsExpired = Interlocked.Read(ref Tally.CommandsExpired),
        ProblemsExpected = Interlocked.Read(ref Tally.ProblemsExpected),
        Late = Interlocked.Read(ref Tally.Late),
        Faults = Tally.Faults,
        Tagged = Interlocked.Read(ref Tally.Tagged),
        Problems = Interlocked.Read(ref Tally.Problems),
        Troubles = Troubles.Kinds,
        Errors = Troubles.Total,
        Latency = Latency.Summarize(),
        RecentLatency = Latency.Recent,
    };

    public void Dispose() => Scheduler.Dispose();

    void IScheduled.Due()
    {
        Latency.Rotate();
        foreach (var session in _sessions)
        {
            session.CheckHealth();
        }

        Scheduler.At(Scheduler.Now + Scheduler.Ticks(Beat), this);
    }

    private long Outstanding() => _sessions.Sum(static session => session.Outstanding);
}
