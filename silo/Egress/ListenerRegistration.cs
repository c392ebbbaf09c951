using Twins.Contracts.Events;

namespace Twins.Silo.Egress;

/// <summary>Somebody who listens to events.</summary>
/// <param name="Name">Names the listener.</param>
/// <param name="Listener">Where to tell.</param>
/// <param name="Waits">Events are kept for it while it does not answer.</param>
/// <param name="Documents">It is told events with the twin's document.</param>
[GenerateSerializer, Immutable, Alias("twins.listener-registration")]
internal sealed record ListenerRegistration(
    [property: Id(0)] string Name,
    [property: Id(1)] ITwinEventListener Listener,
    [property: Id(2)] bool Waits = false,
    [property: Id(3)] bool Documents = false);
