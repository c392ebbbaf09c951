using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// A connection's packets, between the socket and MQTTnet's client. A PUBLISH is handed over here and goes no further:
/// the client would put it into a queue without a bound, and make a dozen objects on the way to its event.
/// </summary>
/// <param name="channel">The socket.</param>
/// <param name="received">Takes a publish; the next packet is read when it returns.</param>
internal sealed class BrokerPackets(IMqttChannelAdapter channel, Func<MqttPublishPacket, CancellationToken, ValueTask> received) : IMqttChannelAdapter
{
    public long BytesReceived => channel.BytesReceived;

    public long BytesSent => channel.BytesSent;

    public X509Certificate2 ClientCertificate => channel.ClientCertificate;

    public EndPoint RemoteEndPoint => channel.RemoteEndPoint;

    public EndPoint LocalEndPoint => channel.LocalEndPoint;

    public bool IsSecureConnection => channel.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => channel.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => channel.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => channel.DisconnectAsync(cancellationToken);

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var packet = await channel.ReceivePacketAsync(cancellationToken);
            if (packet is not MqttPublishPacket publish)
            {
                return packet;
            }

            await received(publish, cancellationToken);
        }
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => channel.SendPacketAsync(packet, cancellationToken);

    public void ResetStatistics() => channel.ResetStatistics();

    public void Dispose() => channel.Dispose();
}
