using System.Buffers;
using MQTTnet.Packets;

namespace Twins.Simulators.Mqtt;

/// <summary>What a device does with its session. Called by one thread at a time, never under the session's lock.</summary>
internal interface IDeviceBehavior
{
    /// <summary>The twin id, which is also the MQTT client id where the device has a connection of its own.</summary>
    string Id { get; }

    /// <summary>The connection is made, for the first time or again.</summary>
    void Connected();

    /// <summary>A message arrived; it is acknowledged after this returns.</summary>
    void Received(string topic, ReadOnlySequence<byte> payload, IReadOnlyList<MqttUserProperty> properties);

    /// <summary>A message of the device's was acknowledged, be it with an error (<see cref="OutgoingMessage.Refused"/>), or sent, at QoS 0.</summary>
    void Delivered(OutgoingMessage message);
}
