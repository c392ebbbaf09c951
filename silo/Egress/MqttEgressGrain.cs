using Orleans.Concurrency;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Egress;

/// <summary>
/// The one way out for the devices of a shard. Messages to one device leave in the order they were given and one at
/// a time; devices do not wait for one another.
/// </summary>
[GrainType("mqttegress")]
[Reentrant]
internal sealed partial class MqttEgressGrain(
    LinkTable links,
    EventListeners listeners,
    TwinsMetrics metrics,
    TimeProvider time,
    ILogger<MqttEgressGrain> logger) : Grain, IMqttEgressGrain
{
    /// <summary>Messages that wait for one device; more are answered <see cref="DeliveryResult.Busy"/>.</summary>
    private const int MaxWaiting = 64;

    /// <summary>
    /// How long a gateway may take, which only puts the message into a session: a silo that was stopped does not hold up
    /// its devices for longer. A broker link bounds itself (<see cref="IDeviceLink.Deliver"/>).
    /// </summary>
    private static readonly TimeSpan GatewayTakes = TimeSpan.FromSeconds(4);

    private readonly KeyedQueue _devices = new(MaxWaiting);

    public async Task<DeliveryResult> Send(OutgoingMessage message)
    {
        var result = await _devices.Run(message.TwinId, () => Deliver(message), full: DeliveryResult.Busy);
        metrics.Delivery(message.Kind, result);
        return result;
    }

    public Task Publish(TwinEvent[] events) => listeners.Tell(events);

    private async Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        try
        {
            var result = await DeliverThere(message);
            // Who asked for a document, or is told of an error, is a connection: elsewhere there is another.
            return result == DeliveryResult.NotConnected && message is { Kind: OutgoingMessageKind.Desired or OutgoingMessageKind.Command, Address.Link: LinkNames.Gateway }
                ? await Look(message)
                : result;
        }
        catch (Exception exception)
        {
            // Its silo died or stands still, or the cluster is rearranging itself. Whether the device has got it is not
            // known: it is sent again.
            links.Forget(message.Address);
            LinkFailed(exception, message.TwinId, message.Address.Link, message.Address.Instance);
            return DeliveryResult.LinkDown;
        }
    }

    private async Task<DeliveryResult> DeliverThere(OutgoingMessage message)
    {
        var gateway = message.Address.Link == LinkNames.Gateway;
        return await links.Find(message.Address) switch
        {
            { } link => await (gateway ? link.Deliver(message).WaitAsync(GatewayTakes, time) : link.Deliver(message)),
            // A connection to a gateway ends with its silo. A broker link comes back under the same address, and a
            // gateway that nobody knows just now is announced again.
            null => gateway && links.IsGone(message.Address) ? DeliveryResult.NotConnected : DeliveryResult.LinkDown,
        };
    }

    /// <summary>The device may hang elsewhere, and its twin not know yet.</summary>
    private async Task<DeliveryResult> Look(OutgoingMessage message)
    {
        if (await links.Locate(message.TwinId) is not { } found)
        {
            return DeliveryResult.NotConnected;
        }

        if (found.Source.Address == message.Address)
        {
            // It has just come back.
            return await DeliverThere(message);
        }

        await GrainFactory.Twin(message.TwinId).Attach(found, CallNumbers.Next());
        return DeliveryResult.Moved;
    }

    [LoggerMessage(LogEvents.DeliveryFailed, LogLevel.Debug, "A message to twin {TwinId}'s device could not be handed to link {Link} {Instance}; it is tried again.")]
    private partial void LinkFailed(Exception exception, string twinId, string link, string instance);
}
