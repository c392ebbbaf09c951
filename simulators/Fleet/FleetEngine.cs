using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Fleet;

/// <summary>What made-up and replayed fleets share: clock, counters, and the sessions' beginning and end.</summary>
internal sealed class FleetEngine : IScheduled, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    // A disconnect is one small packet; so many at a time are as fast as all at once, and gentler.
    private const int ParallelCloses = 64;

    private readonly List<DeviceSession> _sessions = [];
    private long _started;
    private long _stopped;
    private volatile FleetState _state;

    public FleetEngine(FleetOptions options)
    {
        Options = options;
        Scheduler = new FleetScheduler(options.Time);
        Pacer = new ConnectPacer(Scheduler, options.ConnectRate);
        Troubles = new TroubleLog(options.OnTrouble);
        Epoch = (ulong)options.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public FleetOptions Options { get; }

    public FleetScheduler Scheduler { get; }

    public ConnectPacer Pacer { get; }

    public TroubleLog Troubles { get; }

    public FleetTally Tally { get; } = new();

    public LatencyRecorder Latency { get; } = new();

    /// <summary>The epoch of this run's sequence numbers: later runs have greater ones.</summary>
    public ulong Epoch { get; }

    /// <summary>Whether new readings are wanted.</summary>
    public bool Running => _state == FleetState.Running;

    /// <summary>Adds a device; before the start.</summary>
    public DeviceSession Add(IDeviceBehavior device)
    {
        var session = new DeviceSession(this, device, Seeds.Random(Options.Seed, _sessions.Count, Seeds.Network));
        _sessions.Add(session);
        return session;
    }

    /// <summary>Lets every device connect, at the pace of the options.</summary>
    public void Start()
    {
        if (_state != FleetState.New)
        {
            throw new InvalidOperationException("a fleet starts once; make another one");
        }

        _started = Scheduler.Now;
        _state = FleetState.Running;
        Scheduler.At(_started + Scheduler.Ticks(Beat), this);
        foreach (var session in _sessions)
        {
            session.Start();
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
        VirtualElapsed = Elapsed,
        Devices = _sessions.Count,
        Connected = Interlocked.Read(ref Tally.Connected),
        EverConnected = Interlocked.Read(ref Tally.EverConnected),
        NeverConnected = _sessions.Count(static session => session.NeverConnected),
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

    private long Outstanding() => _sessions.Sum(static session => (long)session.Outstanding);
}
