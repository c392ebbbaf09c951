using MQTTnet.Adapter;
using MQTTnet.Packets;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// A connection's packets, between the socket and MQTTnet's client. A PUBLISH is handed over here and goes no further:
/// the client would put it into a queue without a bound, and make a dozen objects on the way to its event.
/// </summary>
/// <param name="channel">The socket.</param>
/// <param name="received">Takes a publish; the next packet is read when it returns.</param>
internal sealed class BrokerPackets(IMqttChannelAdapter channel, Func<MqttPublishPacket, CancellationToken, ValueTask> received) : PassingChannel(channel)
{
    public override async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var packet = await Socket.ReceivePacketAsync(cancellationToken);
            if (packet is not MqttPublishPacket publish)
            {
                return packet;
            }

            await received(publish, cancellationToken);
        }
    }
}
