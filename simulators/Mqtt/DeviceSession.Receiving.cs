using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Twins.Simulators.Mqtt;

internal sealed partial class DeviceSession
{
    private void Handle(MqttConnection connection, MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                Receive(connection, publish);
                break;
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
                foreach (var code in subscribed.ReasonCodes.Where(code => code >= MqttSubscribeReasonCode.UnspecifiedError))
                {
                    _engine.Troubles.Report("subscribe-" + code, $"{Options.Broker} does not let {Id} subscribe to its own topics: {code}");
                }

                break;
        }
    }

    private void Receive(MqttConnection connection, MqttPublishPacket publish)
    {
        try
        {
            _device.Received(publish.Topic, publish.Payload);
        }
        catch (Exception exception)
        {
            // A message that a device chokes on must not come back for ever.
            _engine.Troubles.Report("message-failed", $"device {Id} failed on a message on {publish.Topic}: {exception.Message}");
        }

        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            Observe(connection.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }), connection);
        }
    }

    private void Release(MqttConnection connection, ushort id)
    {
        lock (_gate)
        {
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
                return;
            }

            Interlocked.Increment(ref _engine.Tally.Acknowledged);
            Pump();
        }

        _engine.Latency.RecordSince(message.FirstSent);
        if (code >= 0x80)
        {
            message.Refused = true;
            Interlocked.Increment(ref _engine.Tally.Refused);
            var why = string.IsNullOrEmpty(explanation) ? reason : $"{reason}, {explanation}";
            _engine.Troubles.Report("publish-" + reason, $"{Options.Broker} refused a message on {message.Topic}: {why}");
        }

        _device.Delivered(message);
    }
}
