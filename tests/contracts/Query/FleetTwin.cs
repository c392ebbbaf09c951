using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Query;

/// <summary>A twin as the platform keeps it, to test queries with.</summary>
internal sealed record FleetTwin(string Id, long Revision, string? Model)
{
    internal byte[] Tags { get; init; } = "{}"u8.ToArray();

    internal byte[] Desired { get; init; } = "{}"u8.ToArray();

    internal byte[] Reported { get; init; } = "{}"u8.ToArray();

    internal byte[] DesiredStamps { get; init; } = "{}"u8.ToArray();

    internal byte[] ReportedStamps { get; init; } = "{}"u8.ToArray();

    internal bool Online { get; init; }

    internal DateTimeOffset? Since { get; init; }

    internal DateTimeOffset? LastSeen { get; init; }

    internal string? Link { get; init; }

    internal string? Dialect { get; init; }

    internal long Stale => Revision % 3;

    internal DateTimeOffset CreatedAt { get; init; }

    internal DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The twin's document, as applications see it.</summary>
    internal byte[] Document()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteNumber("revision", Revision);
        json.WriteString("model", Model);
        WriteSections(json);
        json.WriteStartObject("connection");
        json.WriteString("status", Online ? "online" : "offline");
        json.WriteString("since", Time(Since));
        json.WriteString("lastSeen", Time(LastSeen));
        json.WriteString("link", Link);
        json.WriteString("dialect", Dialect);
        json.WriteNumber("stale", Stale);
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WritePropertyName("reported");
        Stamps.WriteMetadata(json, ReportedStamps, Reported);
        json.WritePropertyName("desired");
        Stamps.WriteMetadata(json, DesiredStamps, Desired);
        json.WriteEndObject();
        json.WriteString("createdAt", Time(CreatedAt));
        json.WriteString("modifiedAt", Time(ModifiedAt));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The document, which is what a law that does not hold should show.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Document());

    private void WriteSections(Utf8JsonWriter json)
    {
        json.WritePropertyName("tags");
        json.WriteRawValue(Tags);
        json.WritePropertyName("desired");
        json.WriteRawValue(Desired);
        json.WritePropertyName("reported");
        json.WriteRawValue(Reported);
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
