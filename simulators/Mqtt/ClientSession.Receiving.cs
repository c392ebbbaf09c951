using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;

namespace Twins.Simulators.Mqtt;

/// <summary>What the server says, and what devices are told of it.</summary>
internal sealed partial class ClientSession
{
    // Devices are told by the reading loop, and at QoS 0 by who finished sending; this makes it one at a time. Never taken
    // under _gate, nor by a device that calls in.
    private readonly Lock _telling = new();

    /// <summary>Who is spoken for, by twin id; null: one device alone, to which everything goes.</summary>
    private readonly Dictionary<string, DeviceSession>.AlternateLookup<ReadOnlySpan<char>>? _byId;

    private static Dictionary<string, DeviceSession>.AlternateLookup<ReadOnlySpan<char>> Directory(IEnumerable<DeviceSession> devices) =>
        devices.ToDictionary(device => device.Id, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private void Handle(MqttConnection connection, MqttPacket packet)
    {
        Volatile.Write(ref _lastReceived, _engine.Scheduler.Now);
        switch (packet)
        {
            case MqttPubAckPacket ack:
                Settle(ack.PacketIdentifier, (int)ack.ReasonCode, ack.ReasonCode.ToString(), ack.ReasonString);
                break;
            case MqttPubRecPacket { ReasonCode: >= MqttPubRecReasonCode.UnspecifiedError } refused:
                Settle(refused.PacketIdentifier, (int)refused.ReasonCode, refused.ReasonCode.ToString(), refused.ReasonString);
                break;
            case MqttPubRecPacket received:
                Release(connection, received.PacketIdentifier);
                break;
            case MqttPubCompPacket complete:
                Settle(complete.PacketIdentifier, 0, string.Empty, null);
                break;
            case MqttPingRespPacket:
                lock (_gate)
                {
                    _pinged = 0;
                }

                break;
            case MqttSubAckPacket subscribed:
                GoOnSubscribing(connection, subscribed);
                break;
        }
    }

    private void Receive(MqttConnection connection, MqttPublishPacket publish)
    {
        Volatile.Write(ref _lastReceived, _engine.Scheduler.Now);
        if (DeviceOf(publish.Topic) is { } device)
        {
            try
            {
                lock (_telling)
                {
                    device.Device.Received(publish.Topic, publish.Payload, publish.UserProperties ?? []);
                }
            }
            catch (Exception exception)
            {
                // A message that a device chokes on must not come back for ever.
                _engine.Troubles.Report("message-failed", $"device {device.Id} failed on a message on {publish.Topic}: {exception.Message}");
            }
        }
        else
        {
            _engine.Troubles.Report("message-for-nobody", $"{_clientId} got a message on {publish.Topic} and speaks for no such device");
        }

        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            lock (_gate)
            {
                if (HearsLocked(connection))
                {
                    Observe(connection.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }), connection);
                }
            }
        }
    }

    private DeviceSession? DeviceOf(string topic)
    {
        if (_byId is not { } byId)
        {
            return _devices[0];
        }

        if (!topic.StartsWith(NativeTopics.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = topic.AsSpan(NativeTopics.Prefix.Length);
        var end = rest.IndexOf('/');
        return end > 0 && byId.TryGetValue(rest[..end], out var device) ? device : null;
    }

    private void Release(MqttConnection connection, ushort id)
    {
        lock (_gate)
        {
            if (!HearsLocked(connection))
            {
                return;
            }

            if (_inFlight.TryGetValue(id, out var message))
            {
                message.Received = true;
            }

            Observe(connection.SendAsync(PubRel(id)), connection);
        }
    }

    private void Settle(ushort id, int code, string reason, string? explanation)
    {
        OutgoingMessage? message;
        lock (_gate)
        {
            if (!_inFlight.Remove(id, out message))
            {
                // The second acknowledgement of what was sent twice: now the identifier is free.
                if (_duplicates.Remove(id))
                {
                    Pump();
                }

                return;
            }

            message.Sender!.Settled(message);
            Interlocked.Increment(ref _engine.Tally.Acknowledged);
            Pump();
        }

        _engine.Latency.Record(_engine.Scheduler.Between(message.FirstSent, _engine.Scheduler.Now));
        if (code >= 0x80)
        {
            TellRefused(message, reason, explanation);
        }
        else
        {
            TellDelivered(message);
        }
    }

    private void TellRefused(OutgoingMessage message, string reason, string? explanation)
    {
        message.Refused = true;
        Interlocked.Increment(ref _engine.Tally.Refused);
        if (!message.MeantToBeRefused)
        {
            var why = string.IsNullOrEmpty(explanation) ? reason : $"{reason}, {explanation}";
            _engine.Troubles.Report("publish-" + reason, $"{Options.Broker} refused a message on {message.Topic}: {why}");
        }

        TellDelivered(message);
    }

    private void TellDelivered(OutgoingMessage message)
    {
        try
        {
            lock (_telling)
            {
                message.Sender!.Device.Delivered(message);
            }
        }
        catch (Exception exception)
        {
            _engine.Troubles.Report("device-failed", $"device {message.Sender!.Id} failed: {exception.Message}");
        }
    }

    private void TellConnected()
    {
        if (Volatile.Read(ref _leaving))
        {
            // Good-bye is the last word of a device.
            return;
        }

        foreach (var device in _devices)
        {
            try
            {
                lock (_telling)
                {
                    device.Device.Connected();
                }
            }
            catch (Exception exception)
            {
                _engine.Troubles.Report("device-failed", $"device {device.Id} failed: {exception.Message}");
            }
        }
    }
}
