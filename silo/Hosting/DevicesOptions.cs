namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Devices</c>: what devices may do.</summary>
public sealed class DevicesOptions
{
    /// <summary>Whether a device nobody has registered gets a twin.</summary>
    /// <value>Default: <see cref="DeviceProvisioning.Automatic"/>.</value>
    public DeviceProvisioning Provisioning { get; set; } = DeviceProvisioning.Automatic;

    /// <summary>
    /// After how long, in seconds, a twin that nobody has sent to or asked leaves memory. It is in the store, and the
    /// next message or read brings it back.
    /// </summary>
    /// <value>10 to 604,800 (a week); default 900.</value>
    public int IdleSeconds { get; set; } = 900;
}
