using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet.Packets;
using Twins.Contracts.Topics;

namespace Twins.Simulators.Devices;

/// <summary>Reads until when a command is valid. A device must not execute it later.</summary>
internal static class CommandExpiry
{
    /// <summary>
    /// Returns the time in the user property <c>expiresAt</c> (MQTT 5), or else in the member <c>$expiresAt</c> of the payload; null if the
    /// command has neither.
    /// </summary>
    public static DateTimeOffset? Of(ReadOnlySequence<byte> payload, IReadOnlyList<MqttUserProperty> properties)
    {
        foreach (var property in properties)
        {
            if (property.Name == NativeTopics.ExpiresAtProperty)
            {
                return Parse(Encoding.UTF8.GetString(property.ValueBuffer.Span));
            }
        }

        try
        {
            using var parsed = JsonDocument.Parse(payload);
            return parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty(NativeTopics.ExpiresAtMember, out var member)
                ? Parse(member.GetString())
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns a command's payload without the time.</summary>
    public static byte[] Without(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty(NativeTopics.ExpiresAtMember, out _))
        {
            return Encoding.UTF8.GetBytes(payload.GetRawText());
        }

        var members = JsonObject.Create(payload)!;
        members.Remove(NativeTopics.ExpiresAtMember);
        return JsonSerializer.SerializeToUtf8Bytes(members);
    }

    private static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
