using System.Globalization;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// What a broker announces in its CONNACK (<see href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html">MQTT 5.0</see>
/// section 3.2.2.3). An MQTT 3.1.1 broker announces nothing.
/// </summary>
/// <remarks>
/// Receive Maximum is the size of the window of <see cref="BrokerConnection"/>. Topic Alias Maximum, Subscription Identifiers Available
/// and Assigned Client Identifier need no care: the link uses no aliases and no identifiers, and always sends a client id.
/// </remarks>
internal sealed record BrokerCapabilities
{
    /// <summary>The MQTT version of the connection.</summary>
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V500;

    /// <summary>The highest QoS with which the link may publish: 0, 1 or 2.</summary>
    public MqttQualityOfServiceLevel MaximumQoS { get; init; } = MqttQualityOfServiceLevel.ExactlyOnce;

    /// <summary>Whether the link may publish retained messages.</summary>
    public bool Retain { get; init; } = true;

    /// <summary>The most bytes of a packet; null for no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Whether the broker has shared subscriptions, as far as it tells.</summary>
    public bool SharedSubscriptions { get; init; } = true;

    /// <summary>Whether the broker has wildcard subscriptions.</summary>
    public bool WildcardSubscriptions { get; init; } = true;

    /// <summary>After how many seconds without a connection the broker ends the session; null if it keeps it for as long as the link asked.</summary>
    public uint? SessionExpiry { get; init; }

    /// <summary>How many publishes may be unacknowledged; null for no limit.</summary>
    public int? ReceiveMaximum { get; init; }

    /// <summary>The keep-alive that the broker demands, in seconds; null if it has no demand.</summary>
    public int? KeepAlive { get; init; }

    /// <summary>Gets the QoS of publishes and subscriptions: at least once, if the broker can.</summary>
    public MqttQualityOfServiceLevel QoS =>
        MaximumQoS == MqttQualityOfServiceLevel.AtMostOnce ? MqttQualityOfServiceLevel.AtMostOnce : MqttQualityOfServiceLevel.AtLeastOnce;

    /// <summary>Reads a CONNACK.</summary>
    public static BrokerCapabilities Of(MqttClientConnectResult connack, MqttProtocolVersion version) => version != MqttProtocolVersion.V500
        ? new BrokerCapabilities { Version = version }
        : new BrokerCapabilities
        {
            Version = version,
            MaximumQoS = connack.MaximumQoS,
            Retain = connack.RetainAvailable,
            MaximumPacketSize = connack.MaximumPacketSize is > 0 and var bytes ? bytes : null,
            SharedSubscriptions = connack.SharedSubscriptionAvailable,
            WildcardSubscriptions = connack.WildcardSubscriptionAvailable,
            SessionExpiry = connack.SessionExpiryInterval is > 0 and var seconds ? seconds : null,
            ReceiveMaximum = connack.ReceiveMaximum is > 0 and var window ? window : null,
            KeepAlive = connack.ServerKeepAlive > 0 ? connack.ServerKeepAlive : null,
        };

    /// <summary>Says what the link does without; empty if it does without nothing.</summary>
    /// <param name="askedSessionExpiry">The session expiry that the link asked for, in seconds.</param>
    public string Limits(uint askedSessionExpiry)
    {
        var limits = new List<string>();
        if (MaximumQoS == MqttQualityOfServiceLevel.AtMostOnce)
        {
            limits.Add("Maximum QoS is 0, so messages in both directions can be lost");
        }

        if (!Retain)
        {
            limits.Add("Retain Available is 0, so desired is not retained and devices that connect later must publish twins/{id}/get");
        }

        if (MaximumPacketSize is { } bytes)
        {
            limits.Add(string.Create(CultureInfo.InvariantCulture, $"Maximum Packet Size is {bytes}, so larger messages are set aside"));
        }

        if (SessionExpiry is { } kept && kept < askedSessionExpiry)
        {
            limits.Add(string.Create(CultureInfo.InvariantCulture, $"Session Expiry Interval is {kept} s, so the broker drops messages for a platform that is away for longer"));
        }

        return string.Join("; ", limits);
    }
}
