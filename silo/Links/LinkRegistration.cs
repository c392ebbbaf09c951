using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>A link that is up on some silo.</summary>
[GenerateSerializer, Immutable, Alias("twins.link-registration")]
internal sealed record LinkRegistration(
    [property: Id(0)] LinkAddress Address,
    [property: Id(1)] IDeviceLink Link);
