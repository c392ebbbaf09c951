using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// Computes the bytes of an MQTT 5 PUBLISH packet (<see href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html">MQTT 5.0</see>
/// section 3.3), which a broker limits with Maximum Packet Size, without encoding it.
/// </summary>
internal static class PublishSize
{
    /// <summary>Returns the bytes of the whole packet.</summary>
    public static long Of(MqttApplicationMessage message)
    {
        var properties = Properties(message);
        var remaining = Text(message.Topic)
            + (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 2)
            + VariableLength(properties) + properties
            + message.Payload.Length;
        return 1 + VariableLength(remaining) + remaining;
    }

    private static long Properties(MqttApplicationMessage message)
    {
        // One byte names a property.
        var bytes = (message.PayloadFormatIndicator == MqttPayloadFormatIndicator.Unspecified ? 0 : 2)
            + (message.MessageExpiryInterval > 0 ? 5 : 0)
            + (message.TopicAlias > 0 ? 3 : 0)
            + (string.IsNullOrEmpty(message.ContentType) ? 0 : 1 + Text(message.ContentType))
            + (string.IsNullOrEmpty(message.ResponseTopic) ? 0 : 1 + Text(message.ResponseTopic))
            + (message.CorrelationData is { } correlation ? 3 + correlation.Length : 0);
        foreach (var property in message.UserProperties ?? [])
        {
            bytes += 1 + Text(property.Name) + 2 + property.ValueBuffer.Length;
        }

        return bytes;
    }

    private static long Text(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    /// <summary>A Variable Byte Integer has 7 bits in each byte.</summary>
    private static int VariableLength(long value) => value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
}
