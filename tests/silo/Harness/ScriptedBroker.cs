using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Twins.Silo.Tests.Harness;

/// <summary>
/// A broker that answers as a test tells it, on a loopback port. It reads the packets of MQTT 3.1.1 and 5, and keeps nothing.
/// </summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public ScriptedBroker()
    {
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers a CONNECT; null closes the connection.</summary>
    public Func<MqttConnectPacket, MqttConnAckPacket?> OnConnect { get; set; } = _ => Accepted();

    /// <summary>Bytes to answer a CONNECT with, as a broker of another version would; null for <see cref="OnConnect"/>.</summary>
    public Func<MqttProtocolVersion, byte[]?> OnConnectBytes { get; set; } = _ => null;

    /// <summary>Answers a filter.</summary>
    public Func<MqttTopicFilter, MqttSubscribeReasonCode> OnSubscribe { get; set; } = filter => (MqttSubscribeReasonCode)filter.QualityOfServiceLevel;

    /// <summary>Answers a PUBLISH; null closes the connection.</summary>
    public Func<MqttPublishPacket, MqttPubAckReasonCode?> OnPublish { get; set; } = _ => MqttPubAckReasonCode.Success;

    /// <summary>Gets the CONNECT packets, with the version of each.</summary>
    public ConcurrentQueue<(MqttConnectPacket Packet, MqttProtocolVersion Version)> Connects { get; } = new();

    public ConcurrentQueue<MqttSubscribePacket> Subscribes { get; } = new();

    public ConcurrentQueue<MqttPublishPacket> Publishes { get; } = new();

    public ConcurrentQueue<DateTimeOffset> Pings { get; } = new();

    public static MqttConnAckPacket Accepted() => new()
    {
        ReasonCode = MqttConnectReasonCode.Success,
        RetainAvailable = true,
        SharedSubscriptionAvailable = true,
        SubscriptionIdentifiersAvailable = true,
        WildcardSubscriptionAvailable = true,
        MaximumQoS = MqttQualityOfServiceLevel.ExactlyOnce,
    };

    public static MqttConnAckPacket Refused(MqttConnectReasonCode code)
    {
        var refused = Accepted();
        refused.ReasonCode = code;
        return refused;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(Serve(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var channel = new MqttChannelAdapter(
            new MqttTcpChannel(stream, socket.LocalEndPoint, socket.RemoteEndPoint, null),
            new MqttPacketFormatterAdapter(new MqttBufferWriter(1024, 1024 * 1024)),
            new MqttNetNullLogger());
        try
        {
            while (await channel.ReceivePacketAsync(_stopping.Token) is { } packet && await Answer(packet, channel, stream))
            {
            }
        }
        catch (Exception)
        {
            // The client has gone, or sent what cannot be read: the connection ends.
        }
    }

    /// <summary>Answers a packet; false ends the connection.</summary>
    private async Task<bool> Answer(MqttPacket packet, MqttChannelAdapter channel, NetworkStream stream)
    {
        switch (packet)
        {
            case MqttConnectPacket connect:
                var version = channel.PacketFormatterAdapter.ProtocolVersion;
                Connects.Enqueue((connect, version));
                if (OnConnectBytes(version) is { } bytes)
                {
                    await stream.WriteAsync(bytes, _stopping.Token);
                    return true;
                }

                return await Send(OnConnect(connect), channel) is { ReasonCode: MqttConnectReasonCode.Success, ReturnCode: MqttConnectReturnCode.ConnectionAccepted };
            case MqttSubscribePacket subscribe:
                Subscribes.Enqueue(subscribe);
                await Send(new MqttSubAckPacket { PacketIdentifier = subscribe.PacketIdentifier, ReasonCodes = [.. subscribe.TopicFilters.Select(OnSubscribe)] }, channel);
                return true;
            case MqttPublishPacket publish:
                Publishes.Enqueue(publish);
                if (OnPublish(publish) is not { } code)
                {
                    return false;
                }

                if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
                {
                    await Send(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier, ReasonCode = code }, channel);
                }

                return true;
            case MqttPingReqPacket:
                Pings.Enqueue(DateTimeOffset.UtcNow);
                await Send(MqttPingRespPacket.Instance, channel);
                return true;
            default:
                return packet is not MqttDisconnectPacket;
        }
    }

    private async Task<T?> Send<T>(T? packet, MqttChannelAdapter channel) where T : MqttPacket
    {
        if (packet is not null)
        {
            await channel.SendPacketAsync(packet, _stopping.Token);
        }

        return packet;
    }
}
