using MQTTnet.Packets;

namespace Twins.Simulators.Mqtt;

/// <summary>A message on its way out of a device, until it is acknowledged.</summary>
internal sealed class OutgoingMessage(string topic, byte[] payload, List<MqttUserProperty>? userProperties = null)
{
    public string Topic { get; } = topic;

    public byte[] Payload { get; } = payload;

    public List<MqttUserProperty>? UserProperties { get; } = userProperties;

    /// <summary>The packet identifier of the last send, or 0.</summary>
    public ushort PacketId { get; set; }

    /// <summary>A Stopwatch timestamp of the first send, or 0.</summary>
    public long FirstSent { get; set; }

    /// <summary>A Stopwatch timestamp of the last send, or 0.</summary>
    public long LastSent { get; set; }

    /// <summary>Whether QoS 2 has reached its second half: the server holds the message.</summary>
    public bool Received { get; set; }

    /// <summary>Whether its acknowledgement said that the server does not take it.</summary>
    public bool Refused { get; set; }

    /// <summary>The order of the first send within the session.</summary>
    public long Order { get; set; }
}
