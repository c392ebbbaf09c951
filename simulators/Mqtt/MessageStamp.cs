using System.Globalization;
using System.Text.Json;
using MQTTnet.Packets;
using Twins.Contracts.Topics;

namespace Twins.Simulators.Mqtt;

/// <summary>
/// Where a reported message stands in its device's order: user properties on MQTT 5, members of the payload on 3.1.1.
/// </summary>
internal readonly record struct MessageStamp(ulong? Epoch, ulong? Seq, string? Time)
{
    public static MessageStamp None { get; }

    /// <summary>The user properties, or null where there is nothing to say.</summary>
    public List<MqttUserProperty>? Properties(MqttProtocol protocol)
    {
        if (protocol != MqttProtocol.V5 || this == None)
        {
            return null;
        }

        var properties = new List<MqttUserProperty>(3);
        Add(properties, NativeTopics.EpochProperty, Epoch?.ToString(CultureInfo.InvariantCulture));
        Add(properties, NativeTopics.SeqProperty, Seq?.ToString(CultureInfo.InvariantCulture));
        Add(properties, NativeTopics.TimestampProperty, Time);
        return properties;
    }

    /// <summary>Writes the members of the payload that a 3.1.1 device uses instead.</summary>
    public void WriteMembers(Utf8JsonWriter writer, MqttProtocol protocol)
    {
        if (protocol == MqttProtocol.V5)
        {
            return;
        }

        if (Epoch is { } epoch)
        {
            writer.WriteNumber("$" + NativeTopics.EpochProperty, epoch);
        }

        if (Seq is { } seq)
        {
            writer.WriteNumber("$" + NativeTopics.SeqProperty, seq);
        }

        if (Time is { } time)
        {
            writer.WriteString("$" + NativeTopics.TimestampProperty, time);
        }
    }

    private static void Add(List<MqttUserProperty> properties, string name, string? value)
    {
        if (value is not null)
        {
            properties.Add(new MqttUserProperty(name, System.Text.Encoding.UTF8.GetBytes(value)));
        }
    }
}
