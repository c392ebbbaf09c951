using MQTTnet.Packets;

namespace Twins.Simulators.Mqtt;

/// <summary>A message on its way out of a device, until it is acknowledged.</summary>
internal class OutgoingMessage(string topic, byte[] payload, List<MqttUserProperty>? userProperties = null)
{
    public string Topic { get; } = topic;

    public byte[] Payload { get; } = payload;

    public List<MqttUserProperty>? UserProperties { get; } = userProperties;

    /// <summary>
    /// Whether it goes out a second time right behind the first, marked as a duplicate and with the same packet
    /// identifier. Not at QoS 0, nor where the server takes one message at a time.
    /// </summary>
    public bool SendTwice { get; init; }

    /// <summary>Whether it is meant to be refused: then that is counted, and no trouble.</summary>
    public bool MeantToBeRefused { get; init; }

    /// <summary>Whether the server took it and refused it: it was acknowledged with an error. Set before the device is told.</summary>
    public bool Refused { get; set; }

    /// <summary>Whose message it is; set when it is published.</summary>
    public DeviceSession? Sender { get; set; }

    /// <summary>The packet identifier of the last send, or 0.</summary>
    public ushort PacketId { get; set; }

    /// <summary>A timestamp of the first send, or 0.</summary>
    public long FirstSent { get; set; }

    /// <summary>A timestamp of the last send, or 0.</summary>
    public long LastSent { get; set; }

    /// <summary>Whether QoS 2 has reached its second half: the server holds the message.</summary>
    public bool Received { get; set; }

    /// <summary>The order of the first send within the session, from 1; 0 before it.</summary>
    public long Order { get; set; }
}
