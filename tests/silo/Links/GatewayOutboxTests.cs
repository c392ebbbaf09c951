using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using Twins.Silo.Links.Gateway;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class GatewayOutboxTests
{
    private const int Capacity = 8;

    private readonly ConcurrentQueue<string> _done = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<MqttPublishPacket> _written = new();
    private readonly GatewayOutbox _outbox;

    public GatewayOutboxTests() => _outbox = New();

    [Fact]
    public async Task No_more_is_on_its_way_than_the_client_allows_and_an_acknowledgement_makes_room()
    {
        Add("a", "b", "c", "d");
        _outbox.Open(Write, window: 2);
        await Written("a", "b");

        _outbox.Acknowledge(Identifier("a"));

        await Written("a", "b", "c");
        Assert.Equal(["a"], _done);
        Assert.Equal(3, _outbox.Count);
        Assert.Equal(3, _written.Select(packet => packet.PacketIdentifier).Distinct().Count());
        Assert.DoesNotContain(_written, packet => packet.Dup);
    }

    [Fact]
    public void What_is_too_much_is_not_taken()
    {
        Add([.. Enumerable.Range(0, Capacity).Select(i => $"{i}")]);

        Assert.Equal(OutboxAnswer.Full, _outbox.TryAdd(Message("one more")));
        _outbox.Export();
        Assert.Equal(OutboxAnswer.Ended, _outbox.TryAdd(Message("late")));
    }

    [Fact]
    public async Task A_new_connection_gets_what_was_not_acknowledged_again_and_first_with_the_same_identifiers()
    {
        Add("a", "b", "c");
        _outbox.Open(Write, window: 2);
        await Written("a", "b");
        var (a, b) = (Identifier("a"), Identifier("b"));
        _outbox.Acknowledge(a);
        await Written("a", "b", "c");
        _outbox.Close();
        Add("d");
        _written.Clear();

        _outbox.Open(Write, window: 8);

        await Written("b", "c", "d");
        Assert.Equal([true, true, false], _written.Select(packet => packet.Dup));
        Assert.Equal(b, Identifier("b"));
        Assert.Equal(3, _written.Select(packet => packet.PacketIdentifier).Distinct().Count());
    }

    [Fact]
    public async Task It_moves_with_its_order_and_identifiers()
    {
        Add("a", "b", "c", "d");
        _outbox.Open(Write, window: 2);
        await Written("a", "b");
        var b = Identifier("b");
        _outbox.Acknowledge(Identifier("a"));
        await Written("a", "b", "c");

        var exported = _outbox.Export();
        Assert.Equal(["b", "c", "d"], exported.Select(message => message.Topic));
        _written.Clear();
        var other = New();
        other.Import(exported);
        Assert.Equal(OutboxAnswer.Taken, other.TryAdd(Message("e")));
        other.Open(Write, window: 8);

        await Written("b", "c", "d", "e");
        Assert.Equal([true, true, false, false], _written.Select(packet => packet.Dup));
        Assert.Equal(b, Identifier("b"));
        Assert.Equal(4, _written.Select(packet => packet.PacketIdentifier).Distinct().Count());
    }

    [Fact]
    public async Task Qos_0_is_done_when_it_is_written_and_keeps_its_place()
    {
        Add("a");
        _outbox.TryAdd(Message("b", qos: 0));
        _outbox.TryAdd(Message("c", qos: 0));
        Add("d");
        _outbox.Open(Write, window: 1);

        await Written("a", "b", "c");
        await Eventually.Holds(() => Task.FromResult(_done.Count), count => count == 2);
        Assert.Equal(["b", "c"], _done);
        Assert.Equal([1, 0, 0], _written.Select(packet => (int)packet.QualityOfServiceLevel));
        _outbox.Acknowledge(Identifier("a"));
        await Written("a", "b", "c", "d");
    }

    [Fact]
    public async Task A_write_that_fails_is_repeated_by_the_next_connection_only()
    {
        Add("a", "b");
        var tried = new TaskCompletionSource();
        _outbox.Open(
            _ =>
            {
                tried.TrySetResult();
                throw new IOException("gone");
            },
            window: 8);
        await tried.Task;
        await Eventually.Holds(() => Task.FromResult(_outbox.IsClosed), closed => closed);
        Add("c");

        _outbox.Open(Write, window: 8);

        await Written("a", "b", "c");
    }

    [Fact]
    public async Task What_an_old_connection_is_still_writing_does_not_disturb_the_new_one()
    {
        var held = new TaskCompletionSource();
        var writing = new TaskCompletionSource();
        Add("a", "b");
        _outbox.Open(
            async _ =>
            {
                writing.TrySetResult();
                await held.Task;
            },
            window: 8);
        await writing.Task;

        _outbox.Open(Write, window: 8);
        await Written("a", "b");
        held.SetResult();
        _outbox.Acknowledge(Identifier("a"));
        Add("c");

        await Written("a", "b", "c");
        Assert.Equal(["a"], _done);
    }

    [Fact]
    public async Task An_acknowledgement_of_nothing_is_nothing()
    {
        Add("a");
        _outbox.Open(Write, window: 8);
        await Written("a");

        _outbox.Acknowledge((ushort)(Identifier("a") + 1));
        _outbox.Acknowledge(Identifier("a"));
        _outbox.Acknowledge(Identifier("a"));

        Assert.Equal(["a"], _done);
        Assert.Equal(0, _outbox.Count);
    }

    [Fact]
    public async Task Expired_message_is_not_sent()
    {
        Add("a");
        AddCommand("expires", TimeSpan.FromSeconds(10));
        Add("b");
        _outbox.Open(Write, window: 1);
        await Written("a");
        _time.Advance(TimeSpan.FromSeconds(10));

        _outbox.Acknowledge(Identifier("a"));

        await Written("a", "b");
        Assert.Equal(1, _outbox.Count);
    }

    [Fact]
    public async Task Expired_message_is_not_sent_again()
    {
        AddCommand("expires", TimeSpan.FromSeconds(10));
        Add("b");
        _outbox.Open(Write, window: 8);
        await Written("expires", "b");
        _outbox.Close();
        _written.Clear();
        _time.Advance(TimeSpan.FromSeconds(10));

        _outbox.Open(Write, window: 8);

        await Written("b");
        Assert.True(Assert.Single(_written).Dup);
    }

    [Fact]
    public async Task Packet_says_what_is_left_and_when_it_expires()
    {
        AddCommand("first", TimeSpan.FromSeconds(10));
        AddCommand("soon", TimeSpan.FromSeconds(6.3));
        _time.Advance(TimeSpan.FromSeconds(5.5));

        _outbox.Open(Write, window: 8);

        await Written("first", "soon");
        // Whole seconds, rounded down, at least one.
        Assert.Equal([4u, 1u], _written.Select(packet => packet.MessageExpiryInterval));
        Assert.Equal(
            ["expiresAt=2000-01-01T00:00:10.000Z", "expiresAt=2000-01-01T00:00:06.300Z"],
            _written.Select(packet => Assert.Single(packet.UserProperties)).Select(property => $"{property.Name}={Encoding.UTF8.GetString(property.ValueBuffer.Span)}"));
    }

    [Fact]
    public async Task Withdrawn_command_is_not_sent()
    {
        Add("a");
        AddCommand("cancelled", TimeSpan.FromSeconds(10));
        AddCommand("stays", TimeSpan.FromSeconds(10));

        _outbox.Withdraw("cancelled");

        _outbox.Open(Write, window: 8);
        await Written("a", "stays");
    }

    [Fact]
    public void Expired_messages_take_no_capacity()
    {
        foreach (var i in Enumerable.Range(0, Capacity))
        {
            AddCommand($"{i}", TimeSpan.FromSeconds(10));
        }

        Assert.Equal(OutboxAnswer.Full, _outbox.TryAdd(Message("one more")));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(OutboxAnswer.Taken, _outbox.TryAdd(Message("one more")));
        Assert.Equal(1, _outbox.Count);
    }

    private void AddCommand(string id, TimeSpan validity) =>
        Assert.Equal(OutboxAnswer.Taken, _outbox.TryAdd(Message(id) with { TwinId = "p", CommandId = id, ExpiresAt = _time.GetUtcNow() + validity }));

    private static OutgoingPublish Message(string topic, byte qos = 1) => new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(topic), Qos = qos };

    private GatewayOutbox New() => new(Capacity, message => _done.Enqueue(message.Topic), _time);

    private void Add(params string[] topics) => Array.ForEach(topics, topic => Assert.Equal(OutboxAnswer.Taken, _outbox.TryAdd(Message(topic))));

    private Task Write(MqttPublishPacket packet)
    {
        Assert.Equal(packet.Topic, Encoding.UTF8.GetString(packet.Payload.ToArray()));
        _written.Enqueue(packet);
        return Task.CompletedTask;
    }

    private ushort Identifier(string topic) => _written.Single(packet => packet.Topic == topic).PacketIdentifier;

    private async Task Written(params string[] topics)
    {
        await Eventually.Holds(() => Task.FromResult(_written.Count), count => count >= topics.Length);
        Assert.Equal(topics, _written.Select(packet => packet.Topic));
    }
}
