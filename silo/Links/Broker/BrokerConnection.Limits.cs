using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Silo.Dialects;

namespace Twins.Silo.Links.Broker;

/// <summary>How it obeys what the broker announces.</summary>
internal sealed partial class BrokerConnection
{
    /// <summary>Gets what the broker announced when it accepted the connection.</summary>
    public BrokerCapabilities Capabilities { get; private set; } = new();

    /// <summary>
    /// Sees the CONNACK before MQTTnet does, which reads Server Keep Alive and then keeps its own interval. The broker's is binding
    /// (MQTT-3.2.2-21).
    /// </summary>
    private void Announced(MqttConnAckPacket connack)
    {
        if (connack.ServerKeepAlive > 0)
        {
            _client.Options.KeepAlivePeriod = TimeSpan.FromSeconds(connack.ServerKeepAlive);
        }
    }

    private void ThrowIfNotAvailable(IReadOnlyList<string> filters)
    {
        if (!Capabilities.SharedSubscriptions && filters.Any(filter => filter.StartsWith("$share/", StringComparison.Ordinal)))
        {
            throw new BrokerRefusedException(BrokerRefusalKind.SharedSubscriptions, "the broker has no shared subscriptions (Shared Subscription Available is 0) and the link's Mode is Shared");
        }

        if (!Capabilities.WildcardSubscriptions)
        {
            throw new BrokerRefusedException(BrokerRefusalKind.WildcardSubscriptions, "the broker has no wildcard subscriptions (Wildcard Subscription Available is 0), without which a link cannot subscribe");
        }
    }

    /// <summary>Spells a message as the broker accepts it.</summary>
    private MqttApplicationMessage Message(Encoded encoded)
    {
        var message = new MqttApplicationMessage
        {
            Topic = encoded.Topic,
            PayloadSegment = encoded.Payload,
            Retain = encoded.Retain && Capabilities.Retain,
            QualityOfServiceLevel = Capabilities.QoS,
        };
        if (Capabilities.Version == MqttProtocolVersion.V500)
        {
            message.ContentType = encoded.ContentType;
            message.PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData;
            message.CorrelationData = encoded.CorrelationData;
            if (encoded.ExpiresAt is { } expiresAt)
            {
                message.MessageExpiryInterval = MessageExpiry.Seconds(expiresAt, _time.GetUtcNow());
                message.UserProperties = MessageExpiry.Property(expiresAt);
            }
        }

        return message;
    }
}
