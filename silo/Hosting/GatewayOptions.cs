namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Mqtt:Gateway</c>: the silo's own MQTT listener.</summary>
public sealed class GatewayOptions
{
    /// <summary>Whether it listens at all.</summary>
    /// <value>Default: true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The IP address to listen on; <c>0.0.0.0</c> for all. Anything beyond loopback needs <see cref="Users"/>, or
    /// <see cref="SecurityOptions.Anonymous"/> set to <c>Everywhere</c>.
    /// </summary>
    /// <value>Default: <c>127.0.0.1</c>.</value>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The TCP port.</summary>
    /// <value>1 to 65,535; 0 turns plain TCP off (with <see cref="TlsPort"/>); default 1883.</value>
    public int Port { get; set; } = 1883;

    /// <summary>The TLS port; needs <see cref="Certificate"/>.</summary>
    /// <value>1 to 65,535; 0: off, the default. 8883 by convention.</value>
    public int TlsPort { get; set; }

    /// <summary>Path of the server certificate: PEM (with <see cref="CertificateKey"/>) or PFX.</summary>
    /// <value>Default: none.</value>
    public string? Certificate { get; set; }

    /// <summary>Path of the PEM private key.</summary>
    /// <value>Default: none (the key is in <see cref="Certificate"/>).</value>
    public string? CertificateKey { get; set; }

    /// <summary>The password of the PFX or of the encrypted PEM key.</summary>
    /// <value>Default: none.</value>
    public string? CertificatePassword { get; set; }

    /// <summary>Who may connect. Where it is empty everybody may, from this machine.</summary>
    /// <value>Default: empty.</value>
    public List<GatewayUser> Users { get; set; } = [];

    /// <summary>
    /// How many messages of one connection may be on their way to the store; when it is full the connection is not
    /// read. MQTT 5 clients are told it as Receive Maximum.
    /// </summary>
    /// <value>1 to 10,000; default 256.</value>
    public int Window { get; set; } = 256;

    /// <summary>
    /// How many messages to one session may be unacknowledged, sent and waiting, before more are refused (and counted).
    /// <see cref="Window"/> of them, or what an MQTT 5 client takes as Receive Maximum, are sent at once.
    /// </summary>
    /// <value>1 to 100,000; default 1,000.</value>
    public int QueuePerConnection { get; set; } = 1_000;

    /// <summary>
    /// Which events subscribers of <c>twins/+/events/#</c> get: a filter (RQL) that holds for the twin's document after the event.
    /// </summary>
    /// <value>Default: empty, all events.</value>
    public string EventFilter { get; set; } = "";

    /// <summary>What a member that is null in a report of a device on the gateway does.</summary>
    /// <value>Default: <see cref="NullHandling.Remove"/>.</value>
    public NullHandling Nulls { get; set; } = NullHandling.Remove;
}
