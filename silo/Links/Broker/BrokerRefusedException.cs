using MQTTnet;
using MQTTnet.Formatter;

namespace Twins.Silo.Links.Broker;

/// <summary>A broker refused something, and said why.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">Why, in words.</param>
/// <param name="inner">The cause, if there is one.</param>
internal sealed class BrokerRefusedException(BrokerRefusalKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets why.</summary>
    public BrokerRefusalKind Kind { get; } = kind;

    /// <summary>Returns the exception for a CONNACK that refuses.</summary>
    public static BrokerRefusedException Of(MqttClientConnectResult answer, MqttProtocolVersion version)
    {
        // A broker that speaks 3.1.1 only answers a CONNECT of MQTT 5 with the return codes of 3.1.1, section 3.2.2.3.
        var code = (int)answer.ResultCode switch
        {
            1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
            2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
            3 => MqttClientConnectResultCode.ServerUnavailable,
            4 => MqttClientConnectResultCode.BadUserNameOrPassword,
            5 => MqttClientConnectResultCode.NotAuthorized,
            _ => answer.ResultCode,
        };
        var kind = code switch
        {
            MqttClientConnectResultCode.UnsupportedProtocolVersion => BrokerRefusalKind.ProtocolVersion,
            MqttClientConnectResultCode.ClientIdentifierNotValid => BrokerRefusalKind.ClientId,
            MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.BadAuthenticationMethod => BrokerRefusalKind.Credentials,
            MqttClientConnectResultCode.NotAuthorized => BrokerRefusalKind.NotAuthorized,
            MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy => BrokerRefusalKind.Unavailable,
            MqttClientConnectResultCode.Banned => BrokerRefusalKind.Banned,
            MqttClientConnectResultCode.QuotaExceeded or MqttClientConnectResultCode.ConnectionRateExceeded => BrokerRefusalKind.Quota,
            MqttClientConnectResultCode.UseAnotherServer or MqttClientConnectResultCode.ServerMoved => BrokerRefusalKind.Moved,
            _ => BrokerRefusalKind.Other,
        };
        var reference = answer.ServerReference is { Length: > 0 } server ? $", which is {Shortened(server)}" : "";
        return new BrokerRefusedException(kind, $"the broker refused the connection with MQTT {BrokerProtocol.NameOf(version)} ({code}{Said(answer.ReasonString)}){reference}");
    }

    /// <summary>Returns the exception for a DISCONNECT of the broker.</summary>
    public static BrokerRefusedException Of(MqttClientDisconnectReason reason, string? reasonString) => new(
        reason switch
        {
            MqttClientDisconnectReason.SessionTakenOver => BrokerRefusalKind.TakenOver,
            MqttClientDisconnectReason.NotAuthorized => BrokerRefusalKind.NotAuthorized,
            MqttClientDisconnectReason.ServerBusy or MqttClientDisconnectReason.ServerShuttingDown => BrokerRefusalKind.Unavailable,
            MqttClientDisconnectReason.QuotaExceeded or MqttClientDisconnectReason.ConnectionRateExceeded or MqttClientDisconnectReason.MessageRateTooHigh => BrokerRefusalKind.Quota,
            MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved => BrokerRefusalKind.Moved,
            MqttClientDisconnectReason.SharedSubscriptionsNotSupported => BrokerRefusalKind.SharedSubscriptions,
            MqttClientDisconnectReason.WildcardSubscriptionsNotSupported => BrokerRefusalKind.WildcardSubscriptions,
            MqttClientDisconnectReason.TopicFilterInvalid => BrokerRefusalKind.Subscription,
            MqttClientDisconnectReason.TopicNameInvalid or MqttClientDisconnectReason.PacketTooLarge or MqttClientDisconnectReason.PayloadFormatInvalid
                or MqttClientDisconnectReason.RetainNotSupported or MqttClientDisconnectReason.QosNotSupported or MqttClientDisconnectReason.MalformedPacket
                or MqttClientDisconnectReason.ProtocolError => BrokerRefusalKind.Packet,
            _ => BrokerRefusalKind.Closed,
        },
        $"the broker ended the connection ({reason}{Said(reasonString)})");

    /// <summary>Returns the exception for a SUBACK that refuses a filter.</summary>
    public static BrokerRefusedException Of(MqttClientSubscribeResultItem refused) => new(
        refused.ResultCode switch
        {
            MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported => BrokerRefusalKind.SharedSubscriptions,
            MqttClientSubscribeResultCode.WildcardSubscriptionsNotSupported => BrokerRefusalKind.WildcardSubscriptions,
            MqttClientSubscribeResultCode.QuotaExceeded => BrokerRefusalKind.Quota,
            _ => BrokerRefusalKind.Subscription,
        },
        $"the broker refused the subscription to {refused.TopicFilter.Topic} ({refused.ResultCode})");

    private static string Said(string? reasonString) => string.IsNullOrEmpty(reasonString) ? "" : $": {Shortened(reasonString)}";

    /// <summary>What a broker says goes into the log and the health details: one short line.</summary>
    private static string Shortened(string text) =>
        string.Concat((text.Length <= 200 ? text : text[..200]).Select(character => char.IsControl(character) ? ' ' : character));
}
