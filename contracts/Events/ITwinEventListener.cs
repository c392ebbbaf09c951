namespace Twins.Contracts.Events;

/// <summary>Somebody who is told what happens to twins: the gateway, a broker link, the API's live events.</summary>
[Alias("twins.event-listener")]
public interface ITwinEventListener : IGrainObserver
{
    /// <summary>Takes events, per twin in order. Returns soon: it queues or drops, and counts what it drops.</summary>
    [Alias("events")]
    Task OnEvents(TwinEvent[] events);
}
