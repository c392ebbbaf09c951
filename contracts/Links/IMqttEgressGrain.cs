using Orleans.CodeGeneration;
using Twins.Contracts.Events;

namespace Twins.Contracts.Links;

/// <summary>
/// The one way out: every outgoing publish to a device goes through the egress grain of the device's shard, which
/// keeps the order per device and hands the message to the silo that holds the device's link. The key is the shard.
/// </summary>
[Alias("twins.egress"), Version(GrainVersion.Current)]
public interface IMqttEgressGrain : IGrainWithIntegerKey
{
    /// <summary>Hands a message to the device's link, behind those that were sent to the same device before.</summary>
    [Alias("send")]
    Task<DeliveryResult> Send(OutgoingMessage message);

    /// <summary>Tells application events to all who listen.</summary>
    [Alias("publish")]
    Task Publish(TwinEvent[] events);
}
