using Twins.Simulators.Fleet;

namespace Twins.Simulators.Views;

/// <summary>What is left of a run: the members of <c>--json</c>, in camel case.</summary>
internal sealed record RunSummary
{
    public required bool Succeeded { get; init; }

    public required string Broker { get; init; }

    public required double Seconds { get; init; }

    public required int Devices { get; init; }

    public required long Connected { get; init; }

    public required long NeverConnected { get; init; }

    public required long Connects { get; init; }

    public required long FailedConnects { get; init; }

    public required long LostConnections { get; init; }

    public required long Published { get; init; }

    public required long Acknowledged { get; init; }

    public required long Unacknowledged { get; init; }

    public required long Refused { get; init; }

    public required long Resent { get; init; }

    public required long Skipped { get; init; }

    public required long Readings { get; init; }

    public required long DesiredTaken { get; init; }

    public required long DesiredRefused { get; init; }

    public required long CommandsAnswered { get; init; }

    public required long CommandsUnknown { get; init; }

    public required long CommandsRepeated { get; init; }

    public required long Problems { get; init; }

    /// <summary>How often faults struck, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>Milliseconds.</summary>
    public required LatencySummary Latency { get; init; }

    public required IReadOnlyList<Trouble> Errors { get; init; }

    /// <summary>The seed to repeat the run with; absent for a replay.</summary>
    public int? Seed { get; init; }

    public ReplaySummary? Replay { get; init; }

    public LedgerSummary? Ledger { get; init; }

    public static RunSummary Of(FleetOptions options, FleetSnapshot end, int? seed, ReplaySummary? replay, LedgerSummary? ledger) => new()
    {
        Succeeded = end.Succeeded,
        Broker = options.Broker.ToString(),
        Seconds = Math.Round(end.Elapsed.TotalSeconds, 3),
        Devices = end.Devices,
        Connected = end.EverConnected,
        NeverConnected = end.NeverConnected,
        Connects = end.Connects,
        FailedConnects = end.FailedConnects,
        LostConnections = end.LostConnections,
        Published = end.Published,
        Acknowledged = end.Acknowledged,
        Unacknowledged = end.Unacknowledged,
        Refused = end.Refused,
        Resent = end.Resent,
        Skipped = end.Skipped,
        Readings = end.Readings,
        DesiredTaken = end.DesiredTaken,
        DesiredRefused = end.DesiredRefused,
        CommandsAnswered = end.CommandsAnswered,
        CommandsUnknown = end.CommandsUnknown,
        CommandsRepeated = end.CommandsRepeated,
        Problems = end.Problems,
        Faults = end.Faults,
        Latency = end.Latency,
        Errors = end.Troubles,
        Seed = seed,
        Replay = replay,
        Ledger = ledger,
    };
}
