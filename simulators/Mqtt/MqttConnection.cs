using MQTTnet.Adapter;
using MQTTnet.Packets;

namespace Twins.Simulators.Mqtt;

/// <summary>
/// One generation of a client's connection: MQTTnet's packets and channel, without its client. That client runs three
/// tasks per connection, one of which wakes four times a second; ten thousand devices would keep a core busy with nothing.
/// </summary>
internal sealed class MqttConnection(IMqttChannelAdapter adapter, MqttConnAckPacket answer) : IDisposable
{
    // The fixed header with its length, the topic's length, the identifier, and the length of the properties.
    private const int PublishOverhead = 5 + 2 + 2 + 4;

    // What names a user property, and the lengths of its name and value.
    private const int PropertyOverhead = 1 + 2 + 2;

    /// <summary>What the server said to the connect.</summary>
    public MqttConnAckPacket Answer => answer;

    /// <summary>The size in bytes beyond which the server takes no packet.</summary>
    public int LargestPacket { get; } = answer.MaximumPacketSize is > 0 and < int.MaxValue ? (int)answer.MaximumPacketSize : int.MaxValue;

    /// <summary>Whether the server takes a packet of this size; one that is a few bytes short of its limit may be held for too large.</summary>
    public bool Fits(MqttPublishPacket packet)
    {
        if (LargestPacket == int.MaxValue)
        {
            return true;
        }

        var size = PublishOverhead + System.Text.Encoding.UTF8.GetByteCount(packet.Topic) + packet.Payload.Length;
        foreach (var property in packet.UserProperties ?? [])
        {
            size += PropertyOverhead + System.Text.Encoding.UTF8.GetByteCount(property.Name) + property.ValueBuffer.Length;
        }

        return size <= LargestPacket;
    }

    /// <summary>Sends a packet after those sent before. The order of calls is the order on the wire.</summary>
    public Task SendAsync(MqttPacket packet) => adapter.SendPacketAsync(packet, CancellationToken.None);

    /// <summary>The next packet, or null when the connection is over.</summary>
    public async Task<MqttPacket?> ReceiveAsync()
    {
        try
        {
            return await adapter.ReceivePacketAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it was, a connection that cannot be read is over.
            return null;
        }
    }

    public void Dispose() => adapter.Dispose();
}
