using MQTTnet.Protocol;
using Twins.Contracts;

namespace Twins.Silo.Links.Gateway;

/// <summary>What a PUBACK says of a problem, for devices that speak MQTT 5.</summary>
internal static class PublishReasons
{
    public static MqttPubAckReasonCode Of(Problem problem) => problem.Code switch
    {
        "topic-not-for-devices" or "device-unknown" => MqttPubAckReasonCode.NotAuthorized,
        _ when problem.Code.StartsWith("topic", StringComparison.Ordinal) || problem.Code == "twin-id-invalid" => MqttPubAckReasonCode.TopicNameInvalid,
        _ when problem.Status is 400 or 413 => MqttPubAckReasonCode.PayloadFormatInvalid,
        _ => MqttPubAckReasonCode.ImplementationSpecificError,
    };
}
