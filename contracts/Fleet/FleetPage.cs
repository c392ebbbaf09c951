using Twins.Contracts.Twins;

namespace Twins.Contracts.Fleet;

/// <summary>A page of what a query found.</summary>
/// <param name="Twins">
/// In the order of the query, each as it is now. One that was found and then deleted, or changed so that the filter no longer holds,
/// is left out: a page may have fewer than were asked for, with more behind it.
/// </param>
/// <param name="Next">Where the next page starts (pass it as <see cref="FleetQuery.After"/>); null on the last.</param>
[GenerateSerializer, Immutable, Alias("twins.fleet-page")]
public sealed record FleetPage(
    [property: Id(0)] TwinView[] Twins,
    [property: Id(1)] FoundTwin? Next);
