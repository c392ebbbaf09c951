using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Telemetry;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewayChannelTests : IDisposable
{
    private const int Window = 4;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeChannel _socket = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<Problem?>> _taken = [];
    private readonly Channel<MqttPublishPacket> _taking = Channel.CreateUnbounded<MqttPublishPacket>();
    private readonly Channel<MqttPacket> _passed = Channel.CreateUnbounded<MqttPacket>();
    private readonly ConcurrentQueue<string> _notTaken = [];
    private readonly QueueBudget _budget;
    private readonly GatewayChannel _channel;
    private bool _shedding;

    public GatewayChannelTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _budget = new QueueBudget(Options.Create(new TwinsOptions { Limits = new LimitsOptions { QueueMiB = 1 } }), meters);
        _channel = new GatewayChannel(_socket, Window, _budget, () => _shedding, new TwinsMetrics(meters), _time, Take, (clientId, _) => _notTaken.Enqueue(clientId));
        _ = Receive();
    }

    public void Dispose()
    {
        _channel.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Answers_leave_in_the_order_received_whatever_is_durable_first()
    {
        await Connect();
        await Publish(1, 2, 3);
        _taken[3].SetResult(null);
        _taken[2].SetResult(new Problem(400, "payload-not-json", "no"));
        Assert.False(_socket.Sent.Reader.TryRead(out _));

        _taken[1].SetResult(null);

        Assert.Equal([(1, MqttPubAckReasonCode.Success), (2, MqttPubAckReasonCode.PayloadFormatInvalid), (3, MqttPubAckReasonCode.Success)], await Answers(3));
        await _channel.Idle();
    }

    [Fact]
    public async Task What_was_read_is_answered_before_it_finishes_and_nothing_is_read_any_more()
    {
        await Connect();
        await Publish(1, 2);

        var finished = _channel.Finish();
        Send(3);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 0);
        _taken[2].SetResult(null);
        Assert.False(finished.IsCompleted);
        _taken[1].SetResult(null);
        await finished.WaitAsync(TimeSpan.FromSeconds(10), _cancellation);

        Assert.Equal([(1, MqttPubAckReasonCode.Success), (2, MqttPubAckReasonCode.Success)], await Answers(2));
        Assert.False(_taken.ContainsKey(3));
    }

    [Fact]
    public async Task A_full_window_stops_the_reading_until_an_answer_has_left()
    {
        await Connect();
        await Publish(1, 2, 3, 4);
        Send(5);
        _taken[2].SetResult(null);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 0);
        Assert.False(_taken.ContainsKey(5));

        _taken[1].SetResult(null);

        Assert.Equal(5, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        Assert.False(_channel.Idle().IsCompleted);
    }

    [Fact]
    public async Task What_is_not_stored_is_not_answered_nor_is_what_is_behind_it()
    {
        await Connect();
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
        await Connect();
        for (ushort id = 1; id <= Window; id++)
        {
            Send(new MqttPublishPacket { Topic = "t", PacketIdentifier = id });
            await _taking.Reader.ReadAsync(_cancellation);
        }

        Send(9);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 0);
        Assert.False(_taken.ContainsKey(9));
        _taken[1].SetException(new IOException("shed"));

        Assert.Equal(9, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        Assert.False(_socket.Closed);
        Assert.Single(_notTaken);
    }

    [Fact]
    public async Task Qos_2_is_received_when_it_is_durable()
    {
        await Connect();
        Send(new MqttPublishPacket { Topic = "t", PacketIdentifier = 6, QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce });
        await _taking.Reader.ReadAsync(_cancellation);
        _taken[6].SetResult(null);
        Assert.Equal(6, Assert.IsType<MqttPubRecPacket>(await _socket.Sent.Reader.ReadAsync(_cancellation)).PacketIdentifier);
    }

    [Fact]
    public async Task A_topic_alias_stands_for_its_topic_and_one_that_stands_for_nothing_is_left_to_the_library()
    {
        await Connect();
        Send(new MqttPublishPacket { Topic = "twins/p/get", TopicAlias = 7, PacketIdentifier = 1 });
        Send(new MqttPublishPacket { Topic = "", TopicAlias = 7, PacketIdentifier = 2 });
        Assert.Equal("twins/p/get", (await _taking.Reader.ReadAsync(_cancellation)).Topic);
        Assert.Equal("twins/p/get", (await _taking.Reader.ReadAsync(_cancellation)).Topic);

        Send(new MqttPublishPacket { Topic = "", TopicAlias = 8, PacketIdentifier = 3 });
        Assert.Equal(3, Assert.IsType<MqttPublishPacket>(await _passed.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        Assert.False(_taken.ContainsKey(3));
    }

    [Fact]
    public async Task Nobody_publishes_before_being_accepted()
    {
        Send(1);
        Assert.IsType<MqttPublishPacket>(await _passed.Reader.ReadAsync(_cancellation));

        Send(new MqttConnectPacket { ClientId = "device" });
        Assert.IsType<MqttConnectPacket>(await _passed.Reader.ReadAsync(_cancellation));
        await _channel.SendPacketAsync(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionRefusedNotAuthorized, ReasonCode = MqttConnectReasonCode.NotAuthorized }, _cancellation);
        Send(2);
        Assert.IsType<MqttPublishPacket>(await _passed.Reader.ReadAsync(_cancellation));

        Assert.Empty(_taken);
    }

    [Fact]
    public async Task A_device_that_publishes_is_seen_to_live_and_gets_the_answers_to_its_own_pings_only()
    {
        await Connect();
        await Publish(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Publish(2);
        Assert.IsType<MqttPingReqPacket>(await _passed.Reader.ReadAsync(_cancellation));
        Send(MqttPingReqPacket.Instance);
        Assert.IsType<MqttPingReqPacket>(await _passed.Reader.ReadAsync(_cancellation));

        await _channel.SendPacketAsync(MqttPingRespPacket.Instance, _cancellation);
        await _channel.SendPacketAsync(MqttPingRespPacket.Instance, _cancellation);

        Assert.IsType<MqttPingRespPacket>(await _socket.Sent.Reader.ReadAsync(_cancellation));
        Assert.False(_socket.Sent.Reader.TryRead(out _));
        await Publish(3);
        Assert.False(_passed.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Clients_are_told_the_window_and_known_by_their_id()
    {
        Assert.Equal(Window, (await Connect()).ReceiveMaximum);
        Assert.Equal("device", _channel.ClientId);
    }

    [Fact]
    public async Task Qos_0_is_shed_while_the_store_fails()
    {
        await Connect();
        _shedding = true;
        Send(new MqttPublishPacket { Topic = "t", PacketIdentifier = 7 });
        await Publish(1);
        Assert.False(_taken.ContainsKey(7));
        _shedding = false;
        Send(new MqttPublishPacket { Topic = "t", PacketIdentifier = 8 });
        Assert.Equal(8, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
    }

    [Fact]
    public async Task Unread_connection_is_kept_alive_until_there_is_room()
    {
        await Connect(keepAliveSeconds: 2);
        await Publish(1, 2, 3, 4);
        Send(5);
        Send(MqttPingReqPacket.Instance);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 1);

        // MQTTnet closes after 3 s without a packet.
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<MqttPingReqPacket>(await Eventually.Holds(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(0.5));
                    return Task.FromResult(_passed.Reader.TryRead(out var packet) ? packet : null);
                },
                packet => packet is not null));
            await _channel.SendPacketAsync(MqttPingRespPacket.Instance, _cancellation);
        }

        Assert.False(_socket.Sent.Reader.TryRead(out _));
        Assert.False(_taken.ContainsKey(5));
        _taken[1].SetResult(null);

        Assert.Equal(5, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        Assert.Equal([(1, MqttPubAckReasonCode.Success)], await Answers(1));
    }

    [Fact]
    public async Task Used_up_budget_stops_the_reading()
    {
        await Connect();
        Assert.True(_budget.TryTake(1024 * 1024, "another"));
        Send(1);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 0);
        Assert.False(_taken.ContainsKey(1));

        _budget.Return(1024 * 1024);

        Assert.Equal(1, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        Assert.Equal(QueueBudget.MessageOverhead, _budget.Used);
        _taken[1].SetResult(null);
        await Answers(1);
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public async Task Ended_connection_returns_what_it_held()
    {
        await Connect();
        await Publish(1, 2, 3, 4);
        Send(5);
        await Eventually.Holds(() => Task.FromResult(_socket.Incoming.Reader.Count), count => count == 0);

        _channel.End();

        Assert.True(_channel.Gone.IsCancellationRequested);
        foreach (var taken in _taken.Values)
        {
            taken.SetException(new IOException("dropped"));
        }

        await Eventually.Holds(() => Task.FromResult(_budget.Used), used => used == 0);
        Assert.Empty(_notTaken);
    }

    /// <summary>Receives as MQTTnet does.</summary>
    private async Task Receive()
    {
        while (true)
        {
            _passed.Writer.TryWrite(await _channel.ReceivePacketAsync(_cancellation));
        }
    }

    private Task<Problem?> Take(GatewayChannel channel, MqttPublishPacket publish)
    {
        var taken = _taken.GetOrAdd(publish.PacketIdentifier, _ => new TaskCompletionSource<Problem?>());
        _taking.Writer.TryWrite(publish);
        return taken.Task;
    }

    private async Task<MqttConnAckPacket> Connect(ushort keepAliveSeconds = 0)
    {
        Send(new MqttConnectPacket { ClientId = "device", KeepAlivePeriod = keepAliveSeconds, RequestProblemInformation = true });
        await _passed.Reader.ReadAsync(_cancellation);
        var connected = new MqttConnAckPacket();
        await _channel.SendPacketAsync(connected, _cancellation);
        await _socket.Sent.Reader.ReadAsync(_cancellation);
        return connected;
    }

    /// <summary>Publishes with QoS 1; returns when all are being taken.</summary>
    private async Task Publish(params ushort[] ids)
    {
        foreach (var id in ids)
        {
            Send(id);
            Assert.Equal(id, (await _taking.Reader.ReadAsync(_cancellation)).PacketIdentifier);
        }
    }

    private void Send(ushort id) =>
        Send(new MqttPublishPacket { Topic = "t", PacketIdentifier = id, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });

    private void Send(MqttPacket packet) => _socket.Incoming.Writer.TryWrite(packet);

    private async Task<List<(int Id, MqttPubAckReasonCode Reason)>> Answers(int count)
    {
        var answers = new List<(int, MqttPubAckReasonCode)>();
        while (answers.Count < count)
        {
            var answer = (MqttPubAckPacket)await _socket.Sent.Reader.ReadAsync(_cancellation);
            answers.Add((answer.PacketIdentifier, answer.ReasonCode));
        }

        return answers;
    }
}
