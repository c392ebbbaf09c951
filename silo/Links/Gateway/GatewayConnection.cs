using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Twins.Silo.Links.Gateway;

/// <summary>A client's connection to the gateway, and the devices it speaks for. Safe for any thread.</summary>
/// <param name="clientId">The MQTT client id.</param>
/// <param name="channel">The connection's packets.</param>
/// <param name="session">The client's session, which outlives the connection where the client asked for that.</param>
/// <param name="subscriptions">What the session subscribes to.</param>
internal sealed class GatewayConnection(string clientId, GatewayChannel channel, MqttSessionStatus session, GatewaySubscriptions subscriptions)
{
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private bool _closed;

    public string ClientId => clientId;

    public GatewayChannel Channel => channel;

    public MqttSessionStatus Session => session;

    /// <summary>Notes that the connection speaks for a device; false if it did already, or is closed.</summary>
    public bool Bind(string twinId)
    {
        lock (_devices)
        {
            return !_closed && _devices.Add(twinId);
        }
    }

    /// <summary>Whether it speaks for a device.</summary>
    public bool SpeaksFor(string twinId)
    {
        lock (_devices)
        {
            return !_closed && _devices.Contains(twinId);
        }
    }

    /// <summary>The devices it speaks for now.</summary>
    public string[] Devices()
    {
        lock (_devices)
        {
            return [.. _devices];
        }
    }

    /// <summary>Ends the connection; answers the devices it spoke for.</summary>
    public string[] Close()
    {
        lock (_devices)
        {
            _closed = true;
            return [.. _devices];
        }
    }

    /// <summary>The highest QoS that a topic is subscribed with, or null.</summary>
    public MqttQualityOfServiceLevel? Subscribed(string topic) => subscriptions.Of(topic);
}
