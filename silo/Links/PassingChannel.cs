using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Twins.Silo.Links;

/// <summary>A connection's packets, between the socket and MQTTnet. All pass, unless a link has another way for some.</summary>
/// <param name="channel">The socket.</param>
internal abstract class PassingChannel(IMqttChannelAdapter channel) : IMqttChannelAdapter
{
    public long BytesReceived => Socket.BytesReceived;

    public long BytesSent => Socket.BytesSent;

    public X509Certificate2 ClientCertificate => Socket.ClientCertificate;

    public EndPoint RemoteEndPoint => Socket.RemoteEndPoint;

    public EndPoint LocalEndPoint => Socket.LocalEndPoint;

    public bool IsSecureConnection => Socket.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => Socket.PacketFormatterAdapter;

    /// <summary>What the packets come from and go to.</summary>
    protected IMqttChannelAdapter Socket { get; } = channel;

    public Task ConnectAsync(CancellationToken cancellationToken) => Socket.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => Socket.DisconnectAsync(cancellationToken);

    public abstract Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken);

    public virtual Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => Socket.SendPacketAsync(packet, cancellationToken);

    public void ResetStatistics() => Socket.ResetStatistics();

    public virtual void Dispose() => Socket.Dispose();
}
