using Twins.Simulators.Devices;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Fleet;

/// <summary>What a fleet of made-up or replayed devices looks like and how it behaves on the wire.</summary>
public sealed record FleetOptions
{
    /// <summary>The broker or gateway: <c>mqtt://host[:port]</c>, or <c>mqtts://</c> for TLS.</summary>
    /// <value>Default: <c>mqtt://127.0.0.1:1883</c>.</value>
    public BrokerAddress Broker { get; init; } = BrokerAddress.Default;

    /// <summary>How many devices, each with a connection of its own. A replay takes them from its file.</summary>
    /// <value>Default: 10.</value>
    public int Devices { get; init; } = 10;

    /// <summary>How often each device reports.</summary>
    /// <value>Default: 1/s.</value>
    public Rate Rate { get; init; } = Rate.FromPerSecond(1);

    /// <summary>The namespace of the twin ids: <c>{prefix}:{kind}-{n}</c>.</summary>
    /// <value>Default: <c>sim</c>.</value>
    public string Prefix { get; init; } = "sim";

    /// <summary>The kinds of devices, dealt out in turn.</summary>
    /// <value>Default: all there are.</value>
    public IReadOnlyList<DeviceKind> Kinds { get; init; } = DeviceKind.All;

    /// <summary>The MQTT quality of service of everything a device publishes: 0, 1 or 2.</summary>
    /// <value>Default: 1.</value>
    public int QualityOfService { get; init; } = 1;

    /// <summary>The MQTT version.</summary>
    /// <value>Default: 5.</value>
    public MqttProtocol Protocol { get; init; } = MqttProtocol.V5;

    /// <summary>The user name every device presents, or null.</summary>
    public string? Username { get; init; }

    /// <summary>The password every device presents, or null.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// Path of a PEM file with the certificates of one or more authorities: the server's must be signed by one of them, and
    /// what this machine trusts otherwise does not count. Only with TLS.
    /// </summary>
    /// <value>Default: null, whom this machine trusts.</value>
    public string? CertificateAuthority { get; init; }

    /// <summary>Path of a PEM file with the certificate that every device presents. Only with TLS.</summary>
    /// <value>Default: null, none.</value>
    public string? ClientCertificate { get; init; }

    /// <summary>Path of a PEM file with the private key of <see cref="ClientCertificate"/>, not encrypted.</summary>
    /// <value>Default: null, it is in the certificate's file.</value>
    public string? ClientKey { get; init; }

    /// <summary>Where the randomness starts: the same seed gives every device the same values in the same order.</summary>
    /// <value>Default: 0.</value>
    public int Seed { get; init; }

    /// <summary>How many devices may start to connect per second, the first time and after an outage.</summary>
    /// <value>Default: 200/s.</value>
    public Rate ConnectRate { get; init; } = Rate.FromPerSecond(200);

    /// <summary>Adds <c>epoch</c> and <c>seq</c> to every reported message, for brokers that reorder.</summary>
    /// <value>Default: off.</value>
    public bool Sequence { get; init; }

    /// <summary>The platform's REST address, where the tags of twins are set before devices connect; null: tags are not set.</summary>
    public Uri? Api { get; init; }

    /// <summary>Where is noted what was reported and what was acknowledged; null: nowhere.</summary>
    internal ILedger? Ledger { get; init; }

    /// <summary>How long a quiet connection stays quiet before it is pinged.</summary>
    /// <value>Default: 60 s. A server's own value (MQTT 5) wins.</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one attempt to connect may take.</summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an acknowledgement may take before the connection is taken for dead and made anew.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the server keeps the session of a device that lost its connection (MQTT 5): messages sent meanwhile
    /// arrive when it is back. A graceful stop ends the session. With 3.1.1, where a session would stay on the
    /// server for ever, sessions are clean.
    /// </summary>
    /// <value>Default: 1 h; zero: clean sessions.</value>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The first pause before connecting again; it doubles up to <see cref="MaximumReconnectDelay"/>, with jitter.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause before connecting again.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan MaximumReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for acknowledgements that are still out.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A run ends by itself when no device could connect for so long after its start.</summary>
    /// <value>Default: never.</value>
    public TimeSpan GiveUpAfter { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Told one sentence the first time each kind of trouble occurs; called from any thread.</summary>
    public Action<string>? OnTrouble { get; init; }

    /// <summary>The clock.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
