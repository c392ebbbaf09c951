using Twins.Contracts.Twins;

namespace Twins.Contracts.Fleet;

/// <summary>A page of twins.</summary>
/// <param name="Twins">In the order of their ids.</param>
/// <param name="Next">Where the next page starts (pass it as <c>after</c>); null on the last.</param>
[GenerateSerializer, Immutable, Alias("twins.page")]
public sealed record TwinPage(
    [property: Id(0)] TwinView[] Twins,
    [property: Id(1)] string? Next);
