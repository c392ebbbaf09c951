using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Twins.Contracts.Json;
using Twins.Silo.Storage;

namespace Twins.Silo.Twins;

/// <summary>
/// Writes and reads a stored twin: JSON with the number of its <see cref="StoredFormat"/>. A newer format must read all older ones; the
/// snapshots in <c>tests/silo/Snapshots</c> pin each.
/// </summary>
internal static class TwinStateFormat
{
    /// <summary>Bytes of a buffer that is kept for the next state of its thread.</summary>
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? s_kept;

    public static ReadOnlyMemory<byte> Write(TwinState state)
    {
        var (buffer, json) = s_kept ?? NewWriter();
        s_kept = null;
        Write(json, state);
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= LargestKept)
        {
            buffer.ResetWrittenCount();
            json.Reset(buffer);
            s_kept = (buffer, json);
        }

        return bytes;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        return (buffer, new Utf8JsonWriter(buffer, JsonText.WriterOptions));
    }

    private static void Write(Utf8JsonWriter json, TwinState state)
    {
        json.WriteStartObject();
        json.WriteNumber("format"u8, StoredFormat.Written);
        json.WriteNumber("revision"u8, state.Revision);
        json.WriteBoolean("exists"u8, state.Exists);
        if (state.Exists)
        {
            WriteDocument(json, state);
        }

        if (state.DesiredPending)
        {
            json.WriteBoolean("desiredPending"u8, true);
        }

        WriteTokens(json, state.Tokens);
        if (!state.Events.IsEmpty)
        {
            json.WritePropertyName("events"u8);
            JsonSerializer.Serialize(json, state.Events, TwinStateJson.Default.ImmutableArrayTwinEvent);
        }

        json.WriteEndObject();
        json.Flush();
    }

    /// <exception cref="FormatException">A newer release wrote it.</exception>
    public static TwinState Read(ReadOnlyMemory<byte> stored)
    {
        using var parsed = JsonDocument.Parse(stored);
        var root = parsed.RootElement;
        var format = StoredFormat.Of(root, "twin");
        var state = new TwinState
        {
            Revision = root.GetProperty("revision"u8).GetInt64(),
            Tokens = ReadTokens(root),
            DesiredPending = root.TryGetProperty("desiredPending"u8, out var pending) && pending.GetBoolean(),
            Events = root.TryGetProperty("events"u8, out var events) ? events.Deserialize(TwinStateJson.Default.ImmutableArrayTwinEvent) : [],
        };
        return Exists(root, format) ? ReadDocument(state, root) : state;
    }

    /// <summary>Token and call by right: <c>"tokens":{"(64-bit hash in base64url)":[token,call]}</c>, some 45 bytes for one right.</summary>
    private static void WriteTokens(Utf8JsonWriter json, RightTokens tokens)
    {
        if (tokens.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("tokens"u8);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Span<byte> name = stackalloc byte[Base64Url.GetEncodedLength(sizeof(ulong))];
        foreach (var (right, token, call) in tokens.All())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, right);
            Base64Url.EncodeToUtf8(bytes, name);
            json.WriteStartArray(name);
            json.WriteNumberValue(token);
            json.WriteNumberValue(call);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static RightTokens ReadTokens(JsonElement root)
    {
        var tokens = default(RightTokens);
        if (root.TryGetProperty("tokens"u8, out var stored))
        {
            foreach (var token in stored.EnumerateObject())
            {
                var right = BinaryPrimitives.ReadUInt64LittleEndian(Base64Url.DecodeFromChars(token.Name));
                tokens = tokens.With(new RightToken(right, token.Value[0].GetUInt64(), token.Value[1].GetInt64()));
            }
        }

        return tokens;
    }

    private static TwinConnection ReadConnection(JsonElement stored)
    {
        var connection = stored.Deserialize(TwinStateJson.Default.TwinConnection)!;
        return connection.Address is { } address ? connection with { Address = LinkAddresses.Share(address) } : connection;
    }

    private static bool Exists(JsonElement root, int format) => format >= StoredFormat.StatesExistence
        ? root.GetProperty("exists"u8).GetBoolean()
        : root.TryGetProperty("createdAt"u8, out _);

    private static void WriteDocument(Utf8JsonWriter json, TwinState state)
    {
        if (state.Model is not null)
        {
            json.WriteString("model"u8, state.Model);
        }

        WriteRaw(json, "tags"u8, state.Tags);
        WriteRaw(json, "desired"u8, state.Desired);
        WriteRaw(json, "reported"u8, state.Reported);
        WriteRaw(json, "desiredStamps"u8, state.DesiredStamps);
        WriteRaw(json, "reportedStamps"u8, state.ReportedStamps);
        if (state.Epochs != EpochHistory.None)
        {
            json.WritePropertyName("epochs"u8);
            JsonSerializer.Serialize(json, state.Epochs, TwinStateJson.Default.EpochHistory);
        }

        WriteConnection(json, state.Connection);
        json.WriteString("createdAt"u8, state.CreatedAt);
        json.WriteString("modifiedAt"u8, state.ModifiedAt);
        if (!state.Commands.IsEmpty)
        {
            json.WritePropertyName("commands"u8);
            JsonSerializer.Serialize(json, state.Commands, TwinStateJson.Default.ImmutableArrayCommand);
        }

        if (state.DesiredRevision != 0)
        {
            json.WriteNumber("desiredRevision"u8, state.DesiredRevision);
        }

        if (!state.Rejections.IsEmpty)
        {
            json.WritePropertyName("rejections"u8);
            JsonSerializer.Serialize(json, state.Rejections, TwinStateJson.Default.ImmutableArrayDesiredRejection);
        }
    }

    /// <summary>As <see cref="TwinStateJson"/> reads it. It is written with every message, and by hand costs half.</summary>
    private static void WriteConnection(Utf8JsonWriter json, TwinConnection connection)
    {
        json.WriteStartObject("connection"u8);
        json.WriteBoolean("online"u8, connection.Online);
        if (connection.Since is { } since)
        {
            json.WriteString("since"u8, since);
        }

        if (connection.LastSeen is { } lastSeen)
        {
            json.WriteString("lastSeen"u8, lastSeen);
        }

        if (connection.Address is { } address)
        {
            json.WriteStartObject("address"u8);
            json.WriteString("link"u8, address.Link);
            json.WriteString("instance"u8, address.Instance);
            json.WriteEndObject();
        }

        if (connection.Dialect is { } dialect)
        {
            json.WriteString("dialect"u8, dialect);
        }

        if (connection.Stale > 0)
        {
            json.WriteNumber("stale"u8, connection.Stale);
        }

        json.WriteEndObject();
    }

    private static TwinState ReadDocument(TwinState state, JsonElement root) => state with
    {
        Exists = true,
        Model = root.TryGetProperty("model"u8, out var model) ? model.GetString() : null,
        Tags = ReadRaw(root, "tags"u8),
        Desired = ReadRaw(root, "desired"u8),
        Reported = ReadRaw(root, "reported"u8),
        DesiredStamps = ReadRaw(root, "desiredStamps"u8),
        ReportedStamps = ReadRaw(root, "reportedStamps"u8),
        Epochs = root.TryGetProperty("epochs"u8, out var epochs) ? epochs.Deserialize(TwinStateJson.Default.EpochHistory)! : EpochHistory.None,
        Connection = root.TryGetProperty("connection"u8, out var connection) ? ReadConnection(connection) : TwinConnection.Never,
        CreatedAt = root.GetProperty("createdAt"u8).GetDateTimeOffset(),
        ModifiedAt = root.GetProperty("modifiedAt"u8).GetDateTimeOffset(),
        Commands = root.TryGetProperty("commands"u8, out var commands) ? commands.Deserialize(TwinStateJson.Default.ImmutableArrayCommand) : [],
        DesiredRevision = root.TryGetProperty("desiredRevision"u8, out var desiredRevision) ? desiredRevision.GetInt64() : 0,
        Rejections = root.TryGetProperty("rejections"u8, out var rejections) ? rejections.Deserialize(TwinStateJson.Default.ImmutableArrayDesiredRejection) : [],
    };

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[] canonical)
    {
        if (canonical.Length > 2)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(canonical, skipInputValidation: true);
        }
    }

    private static byte[] ReadRaw(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out var value)
        ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).ToArray()
        : EmptySection.Bytes;
}
