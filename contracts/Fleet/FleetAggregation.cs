namespace Twins.Contracts.Fleet;

/// <summary>What twins add up to, in groups. Group and measures are RQL texts that <see cref="Query.Rql"/> has taken.</summary>
[GenerateSerializer, Immutable, Alias("twins.fleet-aggregation")]
public sealed record FleetAggregation
{
    /// <summary>Which twins: filter, tokens and time of it count.</summary>
    [Id(0)]
    public required FleetQuery Query { get; init; }

    /// <summary>What twins of one group have in common; empty for one group of all.</summary>
    [Id(1)]
    public string Group { get; init; } = "";

    /// <summary>What is added up.</summary>
    [Id(2)]
    public required string Measures { get; init; }
}
