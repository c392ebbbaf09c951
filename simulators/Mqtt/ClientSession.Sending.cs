using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Twins.Simulators.Mqtt;

/// <summary>What is on the wire, until it is acknowledged.</summary>
internal sealed partial class ClientSession
{
    // Packet identifiers of publishes run from 1 to 65534.
    private const ushort SubscribeId = ushort.MaxValue;

    private readonly Dictionary<ushort, OutgoingMessage> _inFlight = [];

    /// <summary>
    /// Identifiers that went out twice, and when: the server acknowledges each copy, and until the second acknowledgement
    /// is here the identifier is not used again, or that would be taken for another message's.
    /// </summary>
    private readonly Dictionary<ushort, long> _duplicates = [];

    private ushort _lastId;
    private long _order;

    // Called under the lock: the order of calls is the order on the wire.
    private void Send(MqttConnection connection, OutgoingMessage message)
    {
        var twice = Twice(message);
        message.LastSent = _engine.Scheduler.Now;
        if (message.Order != 0)
        {
            Interlocked.Increment(ref _engine.Tally.Resent);
        }
        else
        {
            message.Order = ++_order;
            message.FirstSent = message.LastSent;
        }

        var packet = new MqttPublishPacket
        {
            Topic = message.Topic,
            PayloadSegment = message.Payload,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)Options.QualityOfService,
            UserProperties = Options.Protocol == MqttProtocol.V5 ? message.UserProperties : null,
        };
        if (!connection.Fits(packet))
        {
            // The server would end the connection, and again each time that the message is sent again.
            BeginAtMostOnce(connection);
            _ = FinishTooLargeAsync(message, connection.LargestPacket);
            return;
        }

        _lastSent = message.LastSent;
        if (Options.QualityOfService == 0)
        {
            BeginAtMostOnce(connection);
            _ = FinishAtMostOnceAsync(connection, connection.SendAsync(packet), message);
            return;
        }

        packet.Dup = message.PacketId != 0;
        message.PacketId = packet.PacketIdentifier = message.PacketId != 0 ? message.PacketId : NextId();
        _inFlight.Add(message.PacketId, message);
        Observe(connection.SendAsync(message.Received ? PubRel(message.PacketId) : packet), connection);
        if (twice)
        {
            _duplicates.Add(message.PacketId, message.LastSent);
            Observe(connection.SendAsync(Duplicate(packet)), connection);
        }
    }

    private void BeginAtMostOnce(MqttConnection connection)
    {
        _sendingAtMostOnce++;
        _sendingOn = connection;
    }

    private async Task FinishAtMostOnceAsync(MqttConnection connection, Task sending, OutgoingMessage message)
    {
        // Off the caller's stack, which holds the lock.
        await Task.Yield();
        var sent = true;
        try
        {
            await sending;
        }
        catch (Exception)
        {
            sent = false;
            connection.Dispose();
        }

        lock (_gate)
        {
            _sendingAtMostOnce--;
            if (sent)
            {
                message.Sender!.Settled(message);
            }
            else
            {
                // It never left, so to send it on the next connection is still at most once.
                _again = new Queue<OutgoingMessage>(_again.Append(message).OrderBy(waiting => waiting.Order));
            }

            Pump();
        }

        if (sent)
        {
            TellDelivered(message);
        }
    }

    private async Task FinishTooLargeAsync(OutgoingMessage message, int largest)
    {
        // Off the caller's stack, which holds the lock.
        await Task.Yield();
        lock (_gate)
        {
            _sendingAtMostOnce--;
            message.Sender!.Settled(message);
            Interlocked.Increment(ref _engine.Tally.Acknowledged);
            Pump();
        }

        TellRefused(message, "PacketTooLarge", $"it takes packets of {largest} bytes at most");
    }

    private ushort NextId()
    {
        do
        {
            _lastId = (ushort)(_lastId % (SubscribeId - 1) + 1);
        }
        while (_inFlight.ContainsKey(_lastId) || _duplicates.ContainsKey(_lastId));

        return _lastId;
    }

    private static MqttPubRelPacket PubRel(ushort id) => new() { PacketIdentifier = id };

    private static MqttPublishPacket Duplicate(MqttPublishPacket packet) => new()
    {
        Topic = packet.Topic,
        Payload = packet.Payload,
        QualityOfServiceLevel = packet.QualityOfServiceLevel,
        UserProperties = packet.UserProperties,
        PacketIdentifier = packet.PacketIdentifier,
        Dup = true,
    };

    // A send that fails has lost its connection; closing it wakes the receiving loop, which takes it from there.
    private static void Observe(Task sending, MqttConnection connection)
    {
        if (!sending.IsCompletedSuccessfully)
        {
            _ = sending.ContinueWith(
                static (failed, state) =>
                {
                    // Looked at, so that it is not reported as one that nobody cared for.
                    _ = failed.Exception;
                    ((MqttConnection)state!).Dispose();
                },
                connection,
                CancellationToken.None,
                TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
