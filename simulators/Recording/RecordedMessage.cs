using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using MQTTnet.Packets;
using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Topics;
using Twins.Simulators.Replay;

namespace Twins.Simulators.Recording;

/// <summary>A report of a device, as a merge patch.</summary>
/// <param name="Time">The device's own time where the message has one, else the event's, else when it arrived.</param>
/// <param name="TwinId">The device.</param>
/// <param name="Patch">What it reported.</param>
internal sealed record RecordedMessage(DateTimeOffset Time, string TwinId, JsonElement Patch)
{
    /// <summary>Reads what a device published; false where the topic or the payload is no report.</summary>
    public static bool TryReadReport(
        string topic, ReadOnlyMemory<byte> payload, IReadOnlyList<MqttUserProperty>? properties, DateTimeOffset now, [NotNullWhen(true)] out RecordedMessage? message)
    {
        message = null;
        if (!NativeTopics.TryParse(topic, out var parsed, out _) || parsed.Kind is not (NativeTopicKind.Reported or NativeTopicKind.ReportedProperty)
            || !JsonText.TryNormalize(payload.Span, JsonLimits.Default, out var value, out _))
        {
            return false;
        }

        var patch = JsonElement.Parse(PropertyPath.Wrap(parsed.Path, value));
        if (patch.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var stamp = properties?.FirstOrDefault(static property => property.Name == NativeTopics.TimestampProperty) is { } named
            ? Encoding.UTF8.GetString(named.ValueBuffer.Span)
            : patch.TryGetProperty("$" + NativeTopics.TimestampProperty, out var member) ? member.ToString() : null;
        message = new RecordedMessage(stamp is not null && ReplayTime.TryParseStamp(stamp, out var time) ? time : now, parsed.TwinId!, patch);
        return true;
    }

    /// <summary>Reads what the platform tells; false where it is no change of what a device reports.</summary>
    public static bool TryReadEvent(string topic, ReadOnlyMemory<byte> payload, DateTimeOffset now, [NotNullWhen(true)] out RecordedMessage? message)
    {
        message = null;
        if (topic.Split('/') is not ["twins", var id, "events", TwinEventKinds.Changed or TwinEventKinds.Created] || !Contracts.Twins.TwinId.IsValid(id))
        {
            return false;
        }

        try
        {
            var root = JsonElement.Parse(payload.Span);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object
                || !data.TryGetProperty("reported", out var reported) || reported.ValueKind != JsonValueKind.Object || reported.GetPropertyCount() == 0)
            {
                return false;
            }

            message = new RecordedMessage(root.TryGetProperty("time", out var at) && at.TryGetDateTimeOffset(out var time) ? time : now, id, reported);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
