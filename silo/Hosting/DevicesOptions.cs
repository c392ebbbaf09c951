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

    /// <summary>
    /// How far the time of a message may be ahead of the platform's clock. A message further ahead is ordered by its arrival, and its device
    /// gets the problem <c>clock-ahead</c>. After the clock is corrected, messages are stale for this long at most.
    /// </summary>
    /// <value>1 s to 1 day; default 5 minutes.</value>
    public TimeSpan ClockLead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The number of values of the devices' sequence counters, if these wrap: 256, 65536, 4294967296. Of two numbers the newer is then the
    /// one that is less than half of this ahead (RFC 1982).
    /// </summary>
    /// <value>16 to 4,294,967,296; default 0: counters do not wrap.</value>
    public long SequenceModulus { get; set; }

    /// <summary>
    /// After how long without a message a twin that is online on a broker link becomes offline. A twin's tag
    /// <c>inactivityTimeout</c>, in seconds, comes before it. Needs <see cref="TwinsFleetOptions.Index"/>.
    /// </summary>
    /// <value>10 s to 365 days; default 0: never.</value>
    public TimeSpan InactivityTimeout { get; set; }
}
