using System.Buffers;
using System.Text.Json;
using Twins.Contracts.Json;
using Twins.Silo.Storage;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// Writes and reads a stored session: JSON with the number of its <see cref="StoredFormat"/>; format 2 has the members of format 1. A newer
/// format must read all older ones; the snapshots in <c>tests/silo/Snapshots</c> pin each.
/// </summary>
internal static class GatewaySessionFormat
{
    public static ReadOnlyMemory<byte> Write(GatewaySessionState state)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (48 * state.Subscriptions.Length));
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("format"u8, StoredFormat.Written);
        json.WriteNumber("expiry"u8, state.ExpirySeconds);
        json.WriteString("at"u8, state.At);
        json.WriteStartObject("subscriptions"u8);
        foreach (var (filter, qos) in state.Subscriptions)
        {
            json.WriteNumber(filter, qos);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <exception cref="FormatException">A newer release wrote it.</exception>
    public static GatewaySessionState Read(ReadOnlyMemory<byte> stored)
    {
        using var parsed = JsonDocument.Parse(stored);
        var root = parsed.RootElement;
        _ = StoredFormat.Of(root, "session");
        return new GatewaySessionState
        {
            ExpirySeconds = root.GetProperty("expiry"u8).GetUInt32(),
            At = root.GetProperty("at"u8).GetDateTimeOffset(),
            Subscriptions = [.. root.GetProperty("subscriptions"u8).EnumerateObject().Select(member => new SessionSubscription(member.Name, member.Value.GetByte()))],
        };
    }
}
