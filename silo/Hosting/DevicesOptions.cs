namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Devices</c>: what devices may do.</summary>
public sealed class DevicesOptions
{
    /// <summary>Whether a device nobody has registered gets a twin.</summary>
    /// <value>Default: <see cref="DeviceProvisioning.Automatic"/>.</value>
    public DeviceProvisioning Provisioning { get; set; } = DeviceProvisioning.Automatic;
}
