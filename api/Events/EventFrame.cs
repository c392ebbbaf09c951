using System.Buffers;
using System.Text;
using System.Text.Json;
using Twins.Api.Http;
using Twins.Contracts.Events;
using Twins.Contracts.Json;

namespace Twins.Api.Events;

/// <summary>
/// Spells events as Server-Sent Events (WHATWG HTML, 9.2). The data of each is a CloudEvents 1.0 object in its JSON
/// format, on one line.
/// </summary>
internal static class EventFrame
{
    /// <summary>A comment that tells a live connection from a dead one.</summary>
    public static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    /// <summary>What a CloudEvents type starts with; the kind follows.</summary>
    public const string TypePrefix = "twins.";

    /// <summary>
    /// How a stream starts: how soon to come back after a break, in ms, and where it stands, so that even a client
    /// that sees no event before the break resumes rather than starts over.
    /// </summary>
    public static byte[] Opening(string id) => Encoding.ASCII.GetBytes($"retry: 2000\nid: {id}\n\n");

    /// <summary>Events were missed and will not come any more; what was read before must be read again.</summary>
    public static byte[] Reset(string id, string reason) =>
        Encoding.UTF8.GetBytes($"id: {id}\nevent: reset\ndata: {{\"reason\":\"{reason}\",\"detail\":\"events were missed; read again what you follow, then go on from here\"}}\n\n");

    /// <summary>Something happened to a twin.</summary>
    public static byte[] Of(string id, TwinEvent twinEvent)
    {
        var frame = new ArrayBufferWriter<byte>(twinEvent.Data.Length + 512);
        frame.Write(Encoding.UTF8.GetBytes($"id: {id}\nevent: {twinEvent.Kind}\ndata: "));
        using (var writer = new Utf8JsonWriter(frame, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion"u8, "1.0"u8);
            writer.WriteString("id"u8, twinEvent.Id);
            writer.WriteString("source"u8, "/twins/" + twinEvent.TwinId);
            writer.WriteString("type"u8, TypePrefix + twinEvent.Kind);
            writer.WriteString("subject"u8, twinEvent.TwinId);
            writer.WriteString("time"u8, UtcTime.ToText(twinEvent.At));
            writer.WriteString("datacontenttype"u8, "application/json"u8);
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(twinEvent.Data, skipInputValidation: true);
            writer.WriteEndObject();
        }

        frame.Write("\n\n"u8);
        return frame.WrittenSpan.ToArray();
    }
}
