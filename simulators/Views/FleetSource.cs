using Twins.Simulators.Fleet;

namespace Twins.Simulators.Views;

/// <summary>What a view asks while a run lasts.</summary>
/// <param name="Title">What runs, in a few words.</param>
/// <param name="Snapshot">The numbers now.</param>
internal sealed record FleetSource(string Title, Func<FleetSnapshot> Snapshot)
{
    /// <summary>How far a replay is; null: it is none.</summary>
    public Func<ReplaySummary>? Replay { get; init; }

    /// <summary>How long it lasts by the fleet's clock; null: nobody knows.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many reports were noted, and how many of them acknowledged; null: there is no ledger.</summary>
    public Func<(long Reports, long Acknowledged)>? Ledger { get; init; }
}
