using Twins.Contracts.Links;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>A connection point between this silo and MQTT, as the rest of the cluster calls it.</summary>
[Alias("twins.device-link")]
internal interface IDeviceLink : IGrainObserver
{
    /// <summary>Publishes a message to a device.</summary>
    [Alias("deliver")]
    Task<DeliveryResult> Deliver(OutgoingMessage message);

    /// <summary>Where and how a device hangs on this link, if it does now and this link can tell.</summary>
    [Alias("locate")]
    Task<DeviceAttachment?> Locate(string twinId);
}
