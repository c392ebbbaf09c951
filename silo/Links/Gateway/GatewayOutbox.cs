using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// What a session still has to be told, in order. No more is on its way than the client allows; the rest waits here, and
/// all of it outlives the connection. Safe for any thread.
/// </summary>
/// <param name="capacity">Messages that may be here, sent and waiting.</param>
/// <param name="done">Is told of each message that has been acknowledged, or written where it is of QoS 0.</param>
/// <param name="time">The clock. A message that has expired is not sent, not even again.</param>
internal sealed class GatewayOutbox(int capacity, Action<OutgoingPublish> done, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>Sent on this connection and not acknowledged; oldest first.</summary>
    private readonly LinkedList<Entry> _sent = [];

    /// <summary>To be sent, for the first time or again; oldest first.</summary>
    private readonly LinkedList<Entry> _waiting = [];

    private readonly HashSet<ushort> _identifiers = [];
    private Func<MqttPublishPacket, Task>? _send;
    private int _window;

    /// <summary>Counts the connections, so that what goes on for an old one is known to be over.</summary>
    private int _connection;

    private bool _sending;
    private bool _ended;
    private ushort _lastIdentifier;

    /// <summary>How many messages are here.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sent.Count + _waiting.Count;
            }
        }
    }

    /// <summary>There is no connection: what is added waits for the next.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _send is null;
            }
        }
    }

    /// <summary>Takes a message, behind those that were taken before.</summary>
    public OutboxAnswer TryAdd(OutgoingPublish message)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return OutboxAnswer.Ended;
            }

            if (_sent.Count + _waiting.Count >= capacity)
            {
                DropWaiting(static (message, now) => message.IsExpired(now), time.GetUtcNow());
            }

            if (_sent.Count + _waiting.Count >= capacity)
            {
                return OutboxAnswer.Full;
            }

            _waiting.AddLast(new Entry(message));
            Start();
            return OutboxAnswer.Taken;
        }
    }

    /// <summary>Puts what another gateway had for this session before everything that comes.</summary>
    /// <param name="messages">As <see cref="Export"/> gave them.</param>
    public void Import(IEnumerable<OutgoingPublish> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                _waiting.AddLast(new Entry(message));
                if (message.PacketIdentifier != 0)
                {
                    _identifiers.Add(message.PacketIdentifier);
                }
            }

            Start();
        }
    }

    /// <summary>A connection is there: what is not acknowledged is sent again (MQTT-4.4.0-1), then what waits.</summary>
    /// <param name="send">Writes a packet to it.</param>
    /// <param name="window">How many may be unacknowledged at once.</param>
    public void Open(Func<MqttPublishPacket, Task> send, int window)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            Disconnect();
            _send = send;
            _window = window;
            Start();
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Disconnect();
        }
    }

    /// <summary>The client has acknowledged a message. One that is not known, or was already, is nothing.</summary>
    public void Acknowledge(ushort packetIdentifier)
    {
        OutgoingPublish? acknowledged = null;
        lock (_gate)
        {
            for (var node = _sent.First; node is not null; node = node.Next)
            {
                if (node.Value.Message.PacketIdentifier == packetIdentifier)
                {
                    _sent.Remove(node);
                    _identifiers.Remove(packetIdentifier);
                    acknowledged = node.Value.Message;
                    break;
                }
            }

            Start();
        }

        if (acknowledged is not null)
        {
            done(acknowledged);
        }
    }

    /// <summary>Drops a command that was cancelled, if it waits: one that was sent is the client's.</summary>
    public void Withdraw(string commandId)
    {
        lock (_gate)
        {
            DropWaiting(static (message, id) => message.CommandId == id, commandId);
        }
    }

    /// <summary>Drops what has expired. A session without a connection would keep it until it ends.</summary>
    public void DropExpired()
    {
        lock (_gate)
        {
            DropWaiting(static (message, now) => message.IsExpired(now), time.GetUtcNow());
        }
    }

    /// <summary>Ends: nothing is taken or sent any more. Answers what was not acknowledged, what was sent first.</summary>
    public OutgoingPublish[] Export()
    {
        lock (_gate)
        {
            Disconnect();
            _ended = true;
            return [.. _waiting.Select(entry => entry.Message)];
        }
    }

    /// <summary>What was sent on the connection that is over is to be sent again, before what waits.</summary>
    private void Disconnect()
    {
        _connection++;
        _send = null;
        _sending = false;
        while (_sent.Last is { } last)
        {
            _sent.RemoveLast();
            _waiting.AddFirst(last);
        }
    }

    /// <summary>Drops messages that are not on their way on a connection.</summary>
    private void DropWaiting<T>(Func<OutgoingPublish, T, bool> isDropped, T argument)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (isDropped(node.Value.Message, argument))
            {
                _waiting.Remove(node);
                _identifiers.Remove(node.Value.Message.PacketIdentifier);
            }

            node = next;
        }
    }

    /// <summary>Has what may be sent be sent. Not on the caller's thread: meanwhile others add theirs.</summary>
    private void Start()
    {
        if (!_sending && _send is not null && _waiting.First is { } next && MayLeave(next.Value))
        {
            _sending = true;
            // Not awaited: it ends with what may be sent, and a failure means that the connection is gone.
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Outbox.Send(state.Connection), (Outbox: this, Connection: _connection), preferLocal: false);
        }
    }

    private bool MayLeave(Entry entry) => entry.Message.Qos == 0 || _sent.Count < _window;

    private async Task Send(int connection)
    {
        while (Next(connection) is var (message, packet, send))
        {
            try
            {
                await send(packet);
            }
            catch (Exception)
            {
                // The connection is gone, and its end is told by others. QoS 0 is lost with it, as it may be.
                Stop(connection);
                return;
            }

            if (message.Qos == 0)
            {
                done(message);
            }
        }
    }

    private (OutgoingPublish Message, MqttPublishPacket Packet, Func<MqttPublishPacket, Task> Send)? Next(int connection)
    {
        lock (_gate)
        {
            if (connection != _connection)
            {
                return null;
            }

            var now = time.GetUtcNow();
            while (_waiting.First is { } first && first.Value.Message.IsExpired(now))
            {
                _waiting.RemoveFirst();
                _identifiers.Remove(first.Value.Message.PacketIdentifier);
            }

            if (_send is null || _waiting.First is not { } next || !MayLeave(next.Value))
            {
                _sending = false;
                return null;
            }

            _waiting.Remove(next);
            var entry = next.Value;
            var again = entry.Message.PacketIdentifier != 0;
            if (entry.Message.Qos > 0)
            {
                if (!again)
                {
                    entry.Message = entry.Message with { PacketIdentifier = NextIdentifier() };
                }

                _sent.AddLast(next);
            }

            return (entry.Message, Packet(entry.Message, again, now), _send);
        }
    }

    private void Stop(int connection)
    {
        lock (_gate)
        {
            if (connection == _connection)
            {
                Disconnect();
            }
        }
    }

    /// <summary>One that no message here has; fewer than half of them are ever in use.</summary>
    private ushort NextIdentifier()
    {
        do
        {
            _lastIdentifier = _lastIdentifier == ushort.MaxValue ? (ushort)1 : (ushort)(_lastIdentifier + 1);
        }
        while (!_identifiers.Add(_lastIdentifier));
        return _lastIdentifier;
    }

    private static MqttPublishPacket Packet(OutgoingPublish message, bool again, DateTimeOffset now) => new()
    {
        Topic = message.Topic,
        Payload = new ReadOnlySequence<byte>(message.Payload),
        ContentType = message.ContentType,
        CorrelationData = message.CorrelationData,
        PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
        PacketIdentifier = message.PacketIdentifier,
        Dup = again,
        MessageExpiryInterval = message.ExpiresAt is { } expiresAt ? MessageExpiry.Seconds(expiresAt, now) : 0,
        UserProperties = message.ExpiresAt is { } at ? MessageExpiry.Property(at) : null,
    };

    private sealed class Entry(OutgoingPublish message)
    {
        public OutgoingPublish Message { get; set; } = message;
    }
}
