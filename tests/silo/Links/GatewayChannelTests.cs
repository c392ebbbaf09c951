using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewayChannelTests : IDisposable
{
    private const int Window = 4;

    private readonly FakeChannel _socket = new();
    private readonly Dictionary<ushort, TaskCompletionSource<Problem?>> _taken = [];
    private readonly List<string> _notTaken = [];
    private readonly GatewayChannel _channel;

    public GatewayChannelTests() => _channel = new GatewayChannel(
        _socket,
        Window,
        (_, publish) => (_taken[publish.PacketIdentifier] = new TaskCompletionSource<Problem?>()).Task,
        (clientId, _) => _notTaken.Add(clientId));

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Answers_leave_in_the_order_received_whatever_is_durable_first()
    {
        await Publish(1, 2, 3);
        _taken[3].SetResult(null);
        _taken[2].SetResult(new Problem(400, "payload-not-json", "no"));
        Assert.False(_socket.Sent.Reader.TryRead(out _));

        _taken[1].SetResult(null);

        Assert.Equal([(1, MqttPubAckReasonCode.Success), (2, MqttPubAckReasonCode.PayloadFormatInvalid), (3, MqttPubAckReasonCode.Success)], await Answers(3));
        Assert.True(_channel.Idle().IsCompleted);
    }

    [Fact]
    public async Task A_full_window_stops_the_reading_until_an_answer_has_left()
    {
        await Publish(1, 2, 3, 4);
        var fifth = Publish(5);
        _taken[2].SetResult(null);
        Assert.False(fifth.IsCompleted);
        Assert.False(_taken.ContainsKey(5));

        _taken[1].SetResult(null);
        await fifth;

        Assert.True(_taken.ContainsKey(5));
        Assert.False(_channel.Idle().IsCompleted);
    }

    [Fact]
    public async Task What_is_not_stored_is_not_answered_nor_is_what_is_behind_it()
    {
        await Publish(1, 2);
        _taken[2].SetResult(null);
        _taken[1].SetException(new IOException("the disk is full"));

        await Eventually.Holds(() => Task.FromResult(_socket.Closed), closed => closed);
        Assert.False(_socket.Sent.Reader.TryRead(out _));
        Assert.Single(_notTaken);
    }

    [Fact]
    public async Task Qos_0_keeps_its_place_in_the_window_until_it_is_taken()
    {
        for (ushort id = 1; id <= Window; id++)
        {
            await Receive(new MqttPublishPacket { Topic = "t", PacketIdentifier = id });
        }

        var next = Publish(9);
        Assert.False(next.IsCompleted);
        _taken[1].SetException(new IOException("shed"));
        await next;
        Assert.False(_socket.Closed);
        Assert.Single(_notTaken);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic()
    {
        Assert.Equal("twins/p/get", (await Receive(new MqttPublishPacket { Topic = "twins/p/get", TopicAlias = 7, PacketIdentifier = 1 })).Topic);
        Assert.Equal("twins/p/get", (await Receive(new MqttPublishPacket { Topic = "", TopicAlias = 7, PacketIdentifier = 2 })).Topic);

        await Receive(new MqttPublishPacket { Topic = "", TopicAlias = 8, PacketIdentifier = 3 });
        Assert.False(_taken.ContainsKey(3));
    }

    [Fact]
    public async Task Clients_are_told_the_window_and_given_an_id_where_they_have_none()
    {
        var connected = new MqttConnAckPacket();
        await _channel.SendPacketAsync(connected, TestContext.Current.CancellationToken);
        Assert.Equal(Window, connected.ReceiveMaximum);

        _socket.Incoming.Writer.TryWrite(new MqttConnectPacket { ClientId = "device" });
        await _channel.ReceivePacketAsync(TestContext.Current.CancellationToken);
        Assert.Equal("device", _channel.ClientId);
    }

    /// <summary>Receives publishes as MQTTnet does: one after the other, each answered at once.</summary>
    private async Task Publish(params ushort[] ids)
    {
        foreach (var id in ids)
        {
            await Receive(new MqttPublishPacket { Topic = "t", PacketIdentifier = id, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
            await _channel.SendPacketAsync(new MqttPubAckPacket { PacketIdentifier = id }, TestContext.Current.CancellationToken);
        }
    }

    private async Task<MqttPublishPacket> Receive(MqttPublishPacket publish)
    {
        _socket.Incoming.Writer.TryWrite(publish);
        return (MqttPublishPacket)await _channel.ReceivePacketAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<(int Id, MqttPubAckReasonCode Reason)>> Answers(int count)
    {
        var answers = new List<(int, MqttPubAckReasonCode)>();
        while (answers.Count < count)
        {
            var answer = (MqttPubAckPacket)await _socket.Sent.Reader.ReadAsync(TestContext.Current.CancellationToken);
            answers.Add((answer.PacketIdentifier, answer.ReasonCode));
        }

        return answers;
    }
}
