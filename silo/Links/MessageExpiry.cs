using System.Text;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Silo.Twins;

namespace Twins.Silo.Links;

/// <summary>How MQTT 5 says until when a message is valid.</summary>
internal static class MessageExpiry
{
    /// <summary>
    /// Returns the Message Expiry Interval (MQTT 5, 3.3.2.3.3): whole seconds that are left, at least 1. Rounded down: a broker must not
    /// deliver after the time.
    /// </summary>
    public static uint Seconds(DateTimeOffset expiresAt, DateTimeOffset now) => (uint)Math.Clamp((expiresAt - now).TotalSeconds, 1, uint.MaxValue);

    /// <summary>Returns the user property <c>expiresAt</c>.</summary>
    public static List<MqttUserProperty> Property(DateTimeOffset expiresAt) =>
        [new MqttUserProperty(NativeTopics.ExpiresAtProperty, Encoding.UTF8.GetBytes(TwinDocument.Time(expiresAt)))];
}
