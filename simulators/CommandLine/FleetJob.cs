using Twins.Simulators.Fleet;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary>A fleet that is to run, made up or replayed.</summary>
internal sealed record FleetJob
{
    /// <summary>How it connects.</summary>
    public required FleetOptions Options { get; init; }

    /// <summary>What its ledger and report call it: the plan, or the file.</summary>
    public required string Plan { get; init; }

    /// <summary>What runs, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What repeats it; null for a replay.</summary>
    public int? Seed { get; init; }

    /// <summary>How long the plan says it runs, by the fleet's clock; null: it does not say.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Makes it; no device connects before it runs.</summary>
    public required Func<FleetOptions, IFleet> Make { get; init; }

    /// <summary>How far a replay is; null: it is none.</summary>
    public Func<IFleet, ReplaySummary>? Replay { get; init; }

    /// <summary>The devices by kind, for the report; empty: not known.</summary>
    public IReadOnlyList<(string Kind, int Devices)> Kinds { get; init; } = [];

    /// <summary>The command line that repeats it, without connection and credentials.</summary>
    public required string Repeat { get; init; }
}
