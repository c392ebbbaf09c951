using Orleans.Concurrency;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Silo.Links;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Egress;

/// <summary>
/// The one way out for the devices of a shard. Messages to one device leave in the order they were given and one at
/// a time; devices do not wait for one another.
/// </summary>
[Reentrant]
internal sealed class MqttEgressGrain(LinkTable links, EventListeners listeners, TwinsMetrics metrics) : Grain, IMqttEgressGrain
{
    /// <summary>Messages that wait for one device; more are answered <see cref="DeliveryResult.Busy"/>.</summary>
    private const int MaxWaiting = 64;

    private readonly KeyedQueue _devices = new(MaxWaiting);

    public async Task<DeliveryResult> Send(OutgoingMessage message)
    {
        var result = await _devices.Run(message.TwinId, () => Deliver(message), full: DeliveryResult.Busy);
        metrics.Delivery(message.Kind, result);
        return result;
    }

    public Task Publish(TwinEvent[] events) => listeners.Tell(events);

    private async Task<DeliveryResult> Deliver(OutgoingMessage message) => await links.Find(message.Address) switch
    {
        { } link => await link.Deliver(message),
        // A broker link comes back under the same address; a gateway's connection does not.
        null => message.Address.Link == LinkNames.Gateway ? DeliveryResult.NotConnected : DeliveryResult.LinkDown,
    };
}
