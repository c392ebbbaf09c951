namespace Twins.Simulators.Plans;

/// <summary>
/// Something that goes wrong: by schedule (<see cref="At"/>, <see cref="Every"/>, <see cref="For"/>) or by chance
/// (<see cref="Probability"/>). All spans are of the fleet's clock.
/// </summary>
internal sealed record FaultPlan(FaultKind Kind)
{
    /// <summary>Of these kinds of devices; empty: of all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>What share of them is struck, 0 to 1; which ones, the seed decides.</summary>
    public double Share { get; init; } = 1;

    /// <summary>When it begins, since the start.</summary>
    public TimeSpan At { get; init; }

    /// <summary>It comes again so long after it began; null: once.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How long it lasts; null: until the end, or no time where it is a single event.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Duplicate, reorder, malformed: how likely each message of a struck device is hit, 0 to 1. Disconnect, half-open: how likely in a minute.</summary>
    public double? Probability { get; init; }

    /// <summary>Stuck, drift: the property, by path.</summary>
    public string? Property { get; init; }

    /// <summary>Drift: units an hour. Skew: seconds, negative behind. Reorder: behind how many later reports.</summary>
    public double By { get; init; }

    /// <summary>Flap: how long the connection is up, and then down. Slow: how long each message takes.</summary>
    public TimeSpan Up { get; init; }

    public TimeSpan Down { get; init; }
}
