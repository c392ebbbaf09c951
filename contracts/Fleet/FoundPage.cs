namespace Twins.Contracts.Fleet;

/// <summary>A page of what a query found, as the index has it.</summary>
/// <param name="Ids">The twins, in the order of the query.</param>
/// <param name="Next">Where the next page starts (pass it as <see cref="FleetQuery.After"/>); null on the last.</param>
[GenerateSerializer, Immutable, Alias("twins.found-page")]
public sealed record FoundPage(
    [property: Id(0)] string[] Ids,
    [property: Id(1)] FoundTwin? Next);
