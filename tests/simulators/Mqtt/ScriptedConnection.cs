using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>The server's side of one connection, under a test's control, packet by packet or byte by byte.</summary>
internal sealed class ScriptedConnection : IDisposable
{
    private readonly MqttChannelAdapter _adapter;

    public ScriptedConnection(Stream stream, int number)
    {
        Stream = stream;
        Number = number;
        _adapter = new MqttChannelAdapter(
            new MqttTcpChannel(stream, null, null, null),
            new MqttPacketFormatterAdapter(new MqttBufferWriter(1024, 65_536)),
            new MqttNetNullLogger());
    }

    /// <summary>The bytes themselves.</summary>
    public Stream Stream { get; }

    /// <summary>Which connection of the server's it is, from 1.</summary>
    public int Number { get; }

    /// <summary>The next packet, or null when the client has closed.</summary>
    public async Task<MqttPacket?> NextAsync() => await _adapter.ReceivePacketAsync(TestContext.Current.CancellationToken);

    /// <summary>The next packet of a type; others before it are passed over.</summary>
    public async Task<T> ReceiveAsync<T>()
        where T : MqttPacket
    {
        while (await NextAsync() is { } packet)
        {
            if (packet is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"the client closed before it sent a {typeof(T).Name}");
    }

    /// <summary>The next PUBLISH on topics that end so.</summary>
    public async Task<MqttPublishPacket> PublishedAsync(string topicEnd)
    {
        while (true)
        {
            var publish = await ReceiveAsync<MqttPublishPacket>();
            if (publish.Topic.EndsWith(topicEnd, StringComparison.Ordinal))
            {
                return publish;
            }
        }
    }

    public Task SendAsync(MqttPacket packet) => _adapter.SendPacketAsync(packet, TestContext.Current.CancellationToken);

    public Task AcknowledgeAsync(ushort id) => SendAsync(new MqttPubAckPacket { PacketIdentifier = id });

    /// <summary>Takes the CONNECT.</summary>
    public async Task<MqttConnectPacket> AcceptAsync(MqttConnAckPacket? answer = null)
    {
        var connect = await ReceiveAsync<MqttConnectPacket>();
        await SendAsync(answer ?? new MqttConnAckPacket());
        return connect;
    }

    /// <summary>Answers a SUBSCRIBE with the same code for each filter.</summary>
    public Task GrantAsync(MqttSubscribePacket subscribe, MqttSubscribeReasonCode code = MqttSubscribeReasonCode.GrantedQoS1) =>
        SendAsync(new MqttSubAckPacket
        {
            PacketIdentifier = subscribe.PacketIdentifier,
            ReasonCodes = [.. subscribe.TopicFilters.Select(_ => code)],
        });

    /// <summary>Answers everything as a broker does, until the client closes.</summary>
    public async Task ServeAsync()
    {
        while (await NextAsync() is { } packet)
        {
            switch (packet)
            {
                case MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce } publish:
                    await AcknowledgeAsync(publish.PacketIdentifier);
                    break;
                case MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.ExactlyOnce } publish:
                    await SendAsync(new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier });
                    break;
                case MqttPubRelPacket release:
                    await SendAsync(new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier });
                    break;
                case MqttSubscribePacket subscribe:
                    await GrantAsync(subscribe);
                    break;
                case MqttPingReqPacket:
                    await SendAsync(MqttPingRespPacket.Instance);
                    break;
            }
        }
    }

    public void Dispose() => _adapter.Dispose();
}
