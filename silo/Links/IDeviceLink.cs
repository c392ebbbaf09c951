using Twins.Contracts.Links;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>A connection point between this silo and MQTT, as the rest of the cluster calls it.</summary>
[Alias("twins.device-link")]
internal interface IDeviceLink : IGrainObserver
{
    /// <summary>Publishes a message to a device.</summary>
    /// <remarks>A broker has 10 s to acknowledge; a silo that stands still is not waited for much longer.</remarks>
    [Alias("deliver")]
    [ResponseTimeout("00:00:12")]
    Task<DeliveryResult> Deliver(OutgoingMessage message);

    /// <summary>Where and how a device hangs on this link, if it does now and this link can tell.</summary>
    [Alias("locate")]
    [ResponseTimeout("00:00:03")]
    Task<DeviceAttachment?> Locate(string twinId);
}
