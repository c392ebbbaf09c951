using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Contracts.Json;

namespace Twins.Silo.Twins;

/// <summary>Renders the twin document, as applications and as devices see it.</summary>
internal static class TwinDocument
{
    /// <summary>The whole document.</summary>
    public static byte[] ForApplications(string id, TwinState state) => Render(id, state, withTags: true);

    /// <summary>The document without the tags, which the device never sees.</summary>
    public static byte[] ForDevice(string id, TwinState state) => Render(id, state, withTags: false);

    /// <summary>The connection, for events.</summary>
    public static void WriteConnection(Utf8JsonWriter json, TwinConnection connection)
    {
        json.WriteStartObject("connection"u8);
        json.WriteString("status"u8, connection.Online ? "online"u8 : "offline"u8);
        WriteTime(json, "since"u8, connection.Since);
        WriteTime(json, "lastSeen"u8, connection.LastSeen);
        WriteText(json, "link"u8, connection.Address?.Link);
        WriteText(json, "dialect"u8, connection.Dialect);
        json.WriteNumber("stale"u8, connection.Stale);
        json.WriteEndObject();
    }

    /// <summary>RFC 3339, UTC, milliseconds.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Render(string id, TwinState state, bool withTags)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + (2 * state.Reported.Length) + (2 * state.Desired.Length) + state.Tags.Length);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteNumber("revision"u8, state.Revision);
        WriteText(json, "model"u8, state.Model);
        if (withTags)
        {
            WriteRaw(json, "tags"u8, state.Tags);
        }

        WriteRaw(json, "desired"u8, state.Desired);
        WriteRaw(json, "reported"u8, state.Reported);
        WriteConnection(json, state.Connection);
        json.WriteStartObject("metadata"u8);
        json.WritePropertyName("reported"u8);
        Stamps.WriteMetadata(json, state.ReportedStamps, state.Reported);
        json.WritePropertyName("desired"u8);
        WriteDesiredMetadata(json, state);
        json.WriteEndObject();
        WriteTime(json, "createdAt"u8, state.CreatedAt);
        WriteTime(json, "modifiedAt"u8, state.ModifiedAt);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteDesiredMetadata(Utf8JsonWriter json, TwinState state)
    {
        if (state.Rejections.IsEmpty)
        {
            Stamps.WriteMetadata(json, state.DesiredStamps, state.Desired);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var stamps = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            Stamps.WriteMetadata(stamps, state.DesiredStamps, state.Desired);
        }

        var metadata = JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
        DesiredRejections.AddTo(metadata, state.Rejections);
        metadata.WriteTo(json);
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[] canonical)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(canonical, skipInputValidation: true);
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time) =>
        WriteText(json, name, time is { } at ? Time(at) : null);

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, text);
        }
    }
}
