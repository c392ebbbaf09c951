using MQTTnet.Packets;
using Twins.Silo.Links.Broker;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

/// <summary>A connection whose messages are held up must not be taken for dead.</summary>
public sealed class BrokerPacketsTests : IDisposable
{
    private readonly FakeChannel _broker = new();
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _taken = [];
    private readonly BrokerPackets _packets;

    public BrokerPacketsTests() => _packets = new BrokerPackets(_broker, async (publish, _) =>
    {
        await _stored.Task;
        _taken.Add(publish.Topic);
    });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ping_is_answered_while_a_message_is_held_up()
    {
        var receiving = _packets.ReceivePacketAsync(Cancelled);
        Comes(new MqttPublishPacket { Topic = "a" }, new MqttPingRespPacket(), new MqttPublishPacket { Topic = "b" }, new MqttPubAckPacket());

        await _packets.SendPacketAsync(new MqttPingReqPacket(), Cancelled);
        Assert.IsType<MqttPingRespPacket>(await receiving.WaitAsync(TimeSpan.FromSeconds(5), Cancelled));
        Assert.IsType<MqttPingReqPacket>(await _broker.Sent.Reader.ReadAsync(Cancelled));
        Assert.Empty(_taken);

        // The broker's own answer is one too many, and goes no further.
        _stored.SetResult();
        Assert.IsType<MqttPubAckPacket>(await _packets.ReceivePacketAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(5), Cancelled));
        Assert.Equal(["a", "b"], _taken);
    }

    [Fact]
    public async Task A_ping_that_the_broker_has_answered_is_not_answered_again()
    {
        await _packets.SendPacketAsync(new MqttPingReqPacket(), Cancelled);
        Comes(new MqttPingRespPacket());
        Assert.IsType<MqttPingRespPacket>(await _packets.ReceivePacketAsync(Cancelled));

        var receiving = _packets.ReceivePacketAsync(Cancelled);
        Comes(new MqttPublishPacket { Topic = "a" }, new MqttPubAckPacket());
        _stored.SetResult();
        Assert.IsType<MqttPubAckPacket>(await receiving.WaitAsync(TimeSpan.FromSeconds(5), Cancelled));

        // The next is the broker's to answer again.
        await _packets.SendPacketAsync(new MqttPingReqPacket(), Cancelled);
        Comes(new MqttPingRespPacket());
        Assert.IsType<MqttPingRespPacket>(await _packets.ReceivePacketAsync(Cancelled));
    }

    public void Dispose() => _packets.Dispose();

    private void Comes(params MqttPacket[] packets) => Array.ForEach(packets, packet => Assert.True(_broker.Incoming.Writer.TryWrite(packet)));
}
