namespace Twins.Simulators.Plans;

/// <summary>A fleet as somebody described it, complete and checked: nothing in it is left to be decided at run time.</summary>
internal sealed record FleetPlan
{
    /// <summary>What views and reports call it: the name of its file, or its kinds.</summary>
    public required string Name { get; init; }

    /// <summary>What stands before the <c>:</c> of every twin id.</summary>
    public string Namespace { get; init; } = "sim";

    /// <summary>Where the randomness starts; null: the command line's, or a new one.</summary>
    public int? Seed { get; init; }

    /// <summary>What the fleet's clock shows when it starts; null: the time of this machine.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>How many seconds of the fleet's clock pass in one of ours; more than 0.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How long it runs by its own clock; null: until it is stopped.</summary>
    public TimeSpan? Duration { get; init; }

    public required IReadOnlyList<KindPlan> Kinds { get; init; }

    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];
}
