using System.Collections.Concurrent;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts.Topics;

namespace Twins.Silo.Links.Gateway;

/// <summary>A client's connection to the gateway, and the devices it speaks for. Safe for any thread.</summary>
/// <param name="clientId">The MQTT client id.</param>
/// <param name="channel">The connection's packets.</param>
/// <param name="session">The client's session, which outlives the connection where the client asked for that.</param>
/// <param name="filters">What the session subscribes to, and with which QoS.</param>
internal sealed class GatewayConnection(string clientId, GatewayChannel channel, MqttSessionStatus session, ConcurrentDictionary<string, MqttQualityOfServiceLevel> filters)
{
    /// <summary>Subscriptions of one session; more are refused.</summary>
    public const int MaxFilters = 1_000;

    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private bool _closed;

    public string ClientId => clientId;

    public GatewayChannel Channel => channel;

    public MqttSessionStatus Session => session;

    public ConcurrentDictionary<string, MqttQualityOfServiceLevel> Filters => filters;

    /// <summary>Notes that the connection speaks for a device; false if it did already, or is closed.</summary>
    public bool Bind(string twinId)
    {
        lock (_devices)
        {
            return !_closed && _devices.Add(twinId);
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
    public MqttQualityOfServiceLevel? Subscribed(string topic)
    {
        MqttQualityOfServiceLevel? highest = null;
        foreach (var (filter, qos) in filters)
        {
            if (TopicFilter.Matches(topic, filter) && (highest is null || qos > highest))
            {
                highest = qos;
            }
        }

        return highest;
    }
}
