namespace Twins.Contracts.Fleet;

/// <summary>A question to the whole fleet. Filter and sort are RQL texts that <see cref="Query.Rql"/> has taken.</summary>
[GenerateSerializer, Immutable, Alias("twins.fleet-query")]
public sealed record FleetQuery
{
    /// <summary>What has to hold; null for all twins.</summary>
    [Id(0)]
    public string? Filter { get; init; }

    /// <summary>What twins are sorted by; null for their ids.</summary>
    [Id(1)]
    public string? Sort { get; init; }

    /// <summary>Start behind this one; null from the first.</summary>
    [Id(2)]
    public FoundTwin? After { get; init; }

    /// <summary>Twins at most: 1 to 1,000.</summary>
    [Id(3)]
    public int Limit { get; init; } = 25;

    /// <summary>Writes that the answer must have seen; at most 16.</summary>
    [Id(4)]
    public RevisionToken[] Seen { get; init; } = [];

    /// <summary>What relative times refer to; the same for all pages of a query.</summary>
    [Id(5)]
    public required DateTimeOffset Now { get; init; }

    /// <summary>Who sends the query; silos let callers take turns. Empty for the platform itself.</summary>
    [Id(6)]
    public string Caller { get; init; } = "";
}
