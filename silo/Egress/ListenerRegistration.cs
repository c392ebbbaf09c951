using Twins.Contracts.Events;

namespace Twins.Silo.Egress;

/// <summary>Somebody who listens to events.</summary>
[GenerateSerializer, Immutable, Alias("twins.listener-registration")]
internal sealed record ListenerRegistration(
    [property: Id(0)] string Name,
    [property: Id(1)] ITwinEventListener Listener);
