using System.Buffers;
using System.Text.Json;
using Twins.Contracts.Commands;
using Twins.Contracts.Json;

namespace Twins.Silo.Twins;

/// <summary>The data of events, see <see cref="Contracts.Events.TwinEvent"/>.</summary>
internal static class TwinEvents
{
    /// <summary>How a command is written in events; the API answers the same.</summary>
    public static byte[] Of(Command command) => Write(json =>
    {
        json.WriteString("id"u8, command.Id);
        json.WriteString("name"u8, command.Name);
        json.WriteString("status"u8, JsonNamingPolicy.CamelCase.ConvertName(command.Status.ToString()));
        json.WriteString("createdAt"u8, TwinDocument.Time(command.CreatedAt));
        json.WriteString("expiresAt"u8, TwinDocument.Time(command.ExpiresAt));
        if (command.CompletedAt is { } completed)
        {
            json.WriteString("completedAt"u8, TwinDocument.Time(completed));
        }

        if (command.ResponseStatus is { } status)
        {
            json.WriteStartObject("response"u8);
            json.WriteNumber("status"u8, status);
            if (command.Response is { Length: > 0 } body)
            {
                json.WritePropertyName("body"u8);
                json.WriteRawValue(body, skipInputValidation: true);
            }

            json.WriteEndObject();
        }
    });

    public static byte[] Revision(long revision) => Write(json => json.WriteNumber("revision"u8, revision));

    public static byte[] Connection(long revision, TwinConnection connection) => Write(json =>
    {
        json.WriteNumber("revision"u8, revision);
        TwinDocument.WriteConnection(json, connection);
    });

    /// <summary>A change of sections: each with the merge patch from before to after.</summary>
    public static byte[] Changed(long revision, IEnumerable<(string Section, byte[] Patch)> patches) => Write(json =>
    {
        json.WriteNumber("revision"u8, revision);
        foreach (var (section, patch) in patches)
        {
            json.WritePropertyName(section);
            json.WriteRawValue(patch, skipInputValidation: true);
        }
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
