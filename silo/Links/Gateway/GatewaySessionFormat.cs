using System.Buffers;
using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// How a session lies in the store: JSON with a format number. A newer format must read all older ones, and members
/// that are not known are passed over; the snapshots in <c>tests/silo/Snapshots</c> pin each.
/// </summary>
internal static class GatewaySessionFormat
{
    /// <summary>The format that is written. 1: the first.</summary>
    public const int Current = 1;

    public static ReadOnlyMemory<byte> Write(GatewaySessionState state)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (48 * state.Subscriptions.Length));
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("format"u8, Current);
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

    /// <exception cref="FormatException">It was written by a newer version.</exception>
    public static GatewaySessionState Read(ReadOnlyMemory<byte> stored)
    {
        using var parsed = JsonDocument.Parse(stored);
        var root = parsed.RootElement;
        var format = root.GetProperty("format"u8).GetInt32();
        if (format > Current)
        {
            throw new FormatException($"the stored session has format {format}; this version reads up to {Current}. Upgrade every silo before writing the new format.");
        }

        return new GatewaySessionState
        {
            ExpirySeconds = root.GetProperty("expiry"u8).GetUInt32(),
            At = root.GetProperty("at"u8).GetDateTimeOffset(),
            Subscriptions = [.. root.GetProperty("subscriptions"u8).EnumerateObject().Select(member => new SessionSubscription(member.Name, member.Value.GetByte()))],
        };
    }
}
