namespace Twins.Contracts.Twins;

/// <summary>Where a device hangs.</summary>
/// <param name="Link">The link's name: <c>gateway</c>, or the name of a broker link.</param>
/// <param name="Instance">
/// Which run of which silo holds the device's connection; empty on broker links, where the broker holds it.
/// </param>
[GenerateSerializer, Immutable, Alias("twins.link-address")]
public sealed record LinkAddress(
    [property: Id(0)] string Link,
    [property: Id(1)] string Instance);
