namespace Twins.Contracts.Events;

/// <summary>Somebody who is told what happens to twins: the gateway, a broker link, the API's live events.</summary>
[Alias("twins.event-listener")]
public interface ITwinEventListener : IGrainObserver
{
    /// <summary>Takes events, per twin in order. Returns soon: it queues or drops, and counts what it drops.</summary>
    /// <remarks>The answer may go down with the silo that it went through: who waits for it asks again after 5 s.</remarks>
    [Alias("events")]
    [ResponseTimeout("00:00:05")]
    Task OnEvents(TwinEvent[] events);
}
