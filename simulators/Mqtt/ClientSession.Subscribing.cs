using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;

namespace Twins.Simulators.Mqtt;

/// <summary>The topics that devices are told on: one SUBSCRIBE after the other, each as large as the server takes it.</summary>
internal sealed partial class ClientSession
{
    // Of each device: what is desired, commands, errors.
    private const int FiltersPerDevice = 3;

    // Below what servers read in one go, and far below the limits that any of them has.
    private const int LargestSubscribe = 8 * 1024;

    /// <summary>The filters of the SUBSCRIBE that is under way: from, and up to.</summary>
    private (int From, int To) _asked;

    /// <summary>The session on the server holds all subscriptions that it grants.</summary>
    private bool _subscribed;

    private void BeginSubscribing(MqttConnection connection, bool resumed)
    {
        // A session may have been left behind before it was subscribed with.
        _subscribed &= resumed;
        _asked = (0, 0);
        if (!_subscribed)
        {
            SubscribeNext(connection);
        }
    }

    private void GoOnSubscribing(MqttConnection connection, MqttSubAckPacket answer)
    {
        lock (_gate)
        {
            if (answer.PacketIdentifier != SubscribeId || !HearsLocked(connection) || _subscribed)
            {
                return;
            }

            for (var index = 0; index < answer.ReasonCodes.Count && _asked.From + index < _asked.To; index++)
            {
                if (answer.ReasonCodes[index] is >= MqttSubscribeReasonCode.UnspecifiedError and var code)
                {
                    TellRefusedSubscription(Filter(_asked.From + index), code);
                }
            }

            SubscribeNext(connection);
        }
    }

    private void SubscribeNext(MqttConnection connection)
    {
        var packet = new MqttSubscribePacket { PacketIdentifier = SubscribeId };
        var next = _asked.To;
        var limit = Math.Min(LargestSubscribe, connection.LargestPacket);

        // The fixed header takes up to 5 bytes, the identifier 2, the length of the properties 1.
        var size = 8;
        for (; next < _devices.Length * FiltersPerDevice; next++)
        {
            // All characters of twin ids are ASCII; the length takes 2 bytes, the options 1.
            var filter = Filter(next);
            size += filter.Length + 3;
            if (size > limit && packet.TopicFilters.Count > 0)
            {
                break;
            }

            // The filter of commands matches the answers too, which have as many levels: no local copies, please.
            packet.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = filter,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                NoLocal = Options.Protocol == MqttProtocol.V5,
            });
        }

        _asked = (_asked.To, next);
        if (packet.TopicFilters.Count == 0)
        {
            _subscribed = true;
            return;
        }

        _lastSent = _engine.Scheduler.Now;
        Observe(connection.SendAsync(packet), connection);
    }

    private string Filter(int number)
    {
        var id = _devices[number / FiltersPerDevice].Id;
        return (number % FiltersPerDevice) switch
        {
            0 => NativeTopics.Desired(id),
            1 => NativeTopics.CommandsFilter(id),
            _ => NativeTopics.Errors(id),
        };
    }

    private void TellRefusedSubscription(string filter, MqttSubscribeReasonCode code)
    {
        var remedy = code == MqttSubscribeReasonCode.QuotaExceeded && _devices.Length > 1
            ? "; let fewer devices share a connection"
            : string.Empty;
        _engine.Troubles.Report("subscribe-" + code, $"{Options.Broker} does not let {_clientId} subscribe to {filter}: {code}{remedy}");
    }
}
