using System.Buffers;
using System.Text;
using System.Text.Json;
using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Links;
using Twins.Contracts.Topics;
using Twins.Silo.Twins;

namespace Twins.Silo.Dialects;

/// <summary>What the platform says.</summary>
internal sealed partial class NativeDialect
{
    public Encoded Encode(OutgoingMessage message, bool hasProperties) => message.Kind switch
    {
        OutgoingMessageKind.Desired => new Encoded(NativeTopics.Desired(message.TwinId), message.Body, Retain: true),
        OutgoingMessageKind.Command => new Encoded(
            NativeTopics.CommandRequest(message.TwinId, message.CommandName!, message.CommandId!),
            message.ExpiresAt is { } expiresAt && !hasProperties ? WithExpiry(message.Body, expiresAt) : message.Body,
            ExpiresAt: message.ExpiresAt),
        OutgoingMessageKind.Error => new Encoded(NativeTopics.Errors(message.TwinId), message.Body, ContentType: "application/problem+json"),
        OutgoingMessageKind.Document => new Encoded(
            message.ResponseTopic ?? NativeTopics.Document(message.TwinId), message.Body, CorrelationData: message.CorrelationData),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.Kind, null),
    };

    /// <summary>Puts <c>$expiresAt</c> behind the members of a command's payload; a payload that is no object stays as it is.</summary>
    private static byte[] WithExpiry(byte[] payload, DateTimeOffset expiresAt) => JsonText.IsObject(payload)
        ? [.. payload.AsSpan(0, payload.Length - 1), .. Encoding.UTF8.GetBytes($"{(payload.Length > 2 ? "," : "")}\"{NativeTopics.ExpiresAtMember}\":\"{TwinDocument.Time(expiresAt)}\"}}")]
        : payload;

    /// <summary>CloudEvents 1.0, JSON format: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md.</summary>
    public Encoded Encode(TwinEvent twinEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + twinEvent.Data.Length);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, twinEvent.Id);
        json.WriteString("source"u8, "/twins/" + twinEvent.TwinId);
        json.WriteString("type"u8, "twins." + twinEvent.Kind);
        json.WriteString("subject"u8, twinEvent.TwinId);
        json.WriteString("time"u8, TwinDocument.Time(twinEvent.At));
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(twinEvent.Data, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return new Encoded(NativeTopics.Event(twinEvent.TwinId, twinEvent.Kind), buffer.WrittenSpan.ToArray(), ContentType: "application/cloudevents+json");
    }
}
