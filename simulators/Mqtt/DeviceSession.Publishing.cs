using System.Diagnostics;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;

namespace Twins.Simulators.Mqtt;

internal sealed partial class DeviceSession
{
    // What a small device has memory for. Beyond it, readings are skipped and counted; answers wait in _unsent.
    private const int Window = 16;
    private const int UnsentLimit = 256;

    // Packet identifiers of publishes run from 1 to 65534.
    private const ushort SubscribeId = ushort.MaxValue;

    private readonly Dictionary<ushort, OutgoingMessage> _inFlight = [];
    private Queue<OutgoingMessage> _unsent = new();
    private TimeSpan _keepAlive;
    private int _window = Window;
    private int _sendingAtMostOnce;
    private ushort _lastId;
    private long _order;
    private long _lastSent;
    private long _pinged;

    /// <summary>Messages that still want an acknowledgement, or to be sent.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _inFlight.Count + _unsent.Count + _sendingAtMostOnce;
            }
        }
    }

    /// <summary>Whether <see cref="TryPublish"/> would publish now.</summary>
    public bool CanPublish
    {
        get
        {
            lock (_gate)
            {
                return CanPublishLocked;
            }
        }
    }

    private bool CanPublishLocked =>
        _connection is not null && !_leaving && _unsent.Count == 0 && _inFlight.Count + _sendingAtMostOnce < _window;

    /// <summary>Publishes now or not at all: false when the device is offline or has too much unacknowledged.</summary>
    public bool TryPublish(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (!CanPublishLocked)
            {
                return false;
            }

            PublishLocked(message);
            return true;
        }
    }

    /// <summary>Publishes as soon as possible, across outages.</summary>
    public void Publish(OutgoingMessage message)
    {
        lock (_gate)
        {
            PublishLocked(message);
        }
    }

    private void PublishLocked(OutgoingMessage message)
    {
        if (_unsent.Count >= UnsentLimit)
        {
            _engine.Troubles.Report("answers-dropped", $"device {Id} has {UnsentLimit} messages waiting to be sent; further ones are dropped");
            return;
        }

        Interlocked.Increment(ref _engine.Tally.Published);
        message.Order = ++_order;
        _unsent.Enqueue(message);
        Pump();
    }

    private void Pump()
    {
        while (_connection is { } connection && _unsent.Count > 0 && _inFlight.Count + _sendingAtMostOnce < _window)
        {
            Send(connection, _unsent.Dequeue());
        }
    }

    // Called under the lock: the order of calls is the order on the wire.
    private void Send(MqttConnection connection, OutgoingMessage message)
    {
        _lastSent = message.LastSent = Stopwatch.GetTimestamp();
        var again = message.FirstSent != 0;
        message.FirstSent = again ? message.FirstSent : message.LastSent;
        if (again)
        {
            Interlocked.Increment(ref _engine.Tally.Resent);
        }

        var packet = new MqttPublishPacket
        {
            Topic = message.Topic,
            PayloadSegment = message.Payload,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)Options.QualityOfService,
            UserProperties = Options.Protocol == MqttProtocol.V5 ? message.UserProperties : null,
        };
        if (Options.QualityOfService == 0)
        {
            _sendingAtMostOnce++;
            Observe(FinishAtMostOnceAsync(connection.SendAsync(packet), message), connection);
            return;
        }

        packet.Dup = message.PacketId != 0;
        message.PacketId = packet.PacketIdentifier = message.PacketId != 0 ? message.PacketId : NextId();
        _inFlight.Add(message.PacketId, message);
        Observe(connection.SendAsync(message.Received ? PubRel(message.PacketId) : packet), connection);
        if (message.SendTwice && !again)
        {
            packet.Dup = true;
            Observe(connection.SendAsync(packet), connection);
        }
    }

    private async Task FinishAtMostOnceAsync(Task sending, OutgoingMessage message)
    {
        // Off the caller's stack, which holds the lock.
        await Task.Yield();
        try
        {
            await sending;
        }
        finally
        {
            lock (_gate)
            {
                _sendingAtMostOnce--;
                Pump();
            }
        }

        _device.Delivered(message);
    }

    private void Begin(MqttConnection connection)
    {
        Interlocked.Increment(ref _engine.Tally.Connected);
        if (!_everConnected)
        {
            Volatile.Write(ref _everConnected, true);
            Interlocked.Increment(ref _engine.Tally.EverConnected);
        }

        var answer = connection.Answer;
        lock (_gate)
        {
            _connection = connection;
            _lastSent = Stopwatch.GetTimestamp();
            _pinged = 0;
            _keepAlive = answer.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(answer.ServerKeepAlive) : Options.KeepAlive;
            _window = answer.ReceiveMaximum > 0 ? Math.Min(Window, (int)answer.ReceiveMaximum) : Window;
            if (!answer.IsSessionPresent)
            {
                Observe(connection.SendAsync(Subscribe()), connection);
            }

            TakeBackUnacknowledged(answer.IsSessionPresent);
            Pump();
            PublishLocked(new OutgoingMessage(NativeTopics.Connection(Id), _leaving ? Offline : Online));
        }
    }

    // https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html#_Toc3901238 (4.4): a resumed session sends the
    // unacknowledged again, in order and under the same identifiers; a new session knows nothing of them.
    private void TakeBackUnacknowledged(bool resumed)
    {
        if (_inFlight.Count == 0)
        {
            return;
        }

        var again = _inFlight.Values.OrderBy(message => message.Order).ToList();
        _inFlight.Clear();
        if (!resumed)
        {
            foreach (var message in again.Where(message => message.Received))
            {
                // The server had confirmed that it has the message.
                Interlocked.Increment(ref _engine.Tally.Acknowledged);
            }

            again.RemoveAll(message => message.Received);
            again.ForEach(message => message.PacketId = 0);
        }

        _unsent = new Queue<OutgoingMessage>(again.Concat(_unsent));
    }

    private MqttSubscribePacket Subscribe()
    {
        var packet = new MqttSubscribePacket { PacketIdentifier = SubscribeId };
        foreach (var topic in (string[])[NativeTopics.Desired(Id), NativeTopics.CommandsFilter(Id), NativeTopics.Errors(Id)])
        {
            // The filter of commands matches the answers too, which have as many levels: no local copies, please.
            packet.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = topic,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                NoLocal = Options.Protocol == MqttProtocol.V5,
            });
        }

        return packet;
    }

    private ushort NextId()
    {
        do
        {
            _lastId = (ushort)(_lastId % (SubscribeId - 1) + 1);
        }
        while (_inFlight.ContainsKey(_lastId));

        return _lastId;
    }

    private static MqttPubRelPacket PubRel(ushort id) => new() { PacketIdentifier = id };

    // A send that fails has lost its connection; closing it wakes the receiving loop, which takes it from there.
    private static void Observe(Task sending, MqttConnection connection)
    {
        if (!sending.IsCompletedSuccessfully)
        {
            _ = sending.ContinueWith(
                static (_, state) => ((MqttConnection)state!).Dispose(),
                connection,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
