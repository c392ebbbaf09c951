using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Twins.Silo.Tests.Harness;

/// <summary>A socket without a network: packets are put in on one side and taken out on the other.</summary>
internal sealed class FakeChannel : IMqttChannelAdapter
{
    public Channel<MqttPacket> Incoming { get; } = Channel.CreateUnbounded<MqttPacket>();

    public Channel<MqttPacket> Sent { get; } = Channel.CreateUnbounded<MqttPacket>();

    public bool Closed { get; private set; }

    public long BytesReceived => 0;

    public long BytesSent => 0;

    public X509Certificate2 ClientCertificate => null!;

    public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    public bool IsSecureConnection => false;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(MqttProtocolVersion.V500, new MqttBufferWriter(256, 1024));

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Closed = true;
        return Task.CompletedTask;
    }

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken) => await Incoming.Reader.ReadAsync(cancellationToken);

    public void ResetStatistics()
    {
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => await Sent.Writer.WriteAsync(packet, cancellationToken);

    public void Dispose()
    {
    }
}
