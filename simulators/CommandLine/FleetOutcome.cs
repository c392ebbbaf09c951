namespace Twins.Simulators.CommandLine;

/// <summary>How long a fleet runs, and what is to be seen and left of it.</summary>
internal sealed record FleetOutcome
{
    /// <summary>How long; null: as the plan says, until Ctrl-C, or the end of the file.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The file of the ledger; null: none.</summary>
    public string? Ledger { get; init; }

    /// <summary>The file of the HTML report; null: none.</summary>
    public string? Report { get; init; }

    public bool Json { get; init; }

    public bool Quiet { get; init; }
}
