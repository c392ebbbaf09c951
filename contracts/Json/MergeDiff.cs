using System.Buffers;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>Merge patches (RFC 7396) made from two texts. All texts are canonical, see <see cref="JsonText"/>.</summary>
public static class MergeDiff
{
    /// <summary>
    /// The smallest merge patch that makes <paramref name="after"/> of <paramref name="before"/>; <c>{}</c> where
    /// they are the same. Both are objects without null members.
    /// </summary>
    public static byte[] Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        before.SequenceEqual(after) ? JsonText.EmptyObject.ToArray() : Write(before, after, everything: false);

    /// <summary>
    /// The merge patch that makes <paramref name="after"/> of <paramref name="before"/> and names every member of
    /// <paramref name="after"/>, changed or not. Where one of them is no object it is <paramref name="after"/> itself.
    /// </summary>
    public static byte[] Replacing(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        JsonText.IsObject(before) && JsonText.IsObject(after) ? Write(before, after, everything: true) : after.ToArray();

    private static byte[] Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool everything)
    {
        var beforeReader = new Utf8JsonReader(before);
        var afterReader = new Utf8JsonReader(after);
        using var old = JsonDocument.ParseValue(ref beforeReader);
        using var changed = JsonDocument.ParseValue(ref afterReader);
        var buffer = new ArrayBufferWriter<byte>(after.Length + 64);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        WriteObject(json, old.RootElement, changed.RootElement, everything);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement before, JsonElement after, bool everything)
    {
        json.WriteStartObject();
        foreach (var member in after.EnumerateObject())
        {
            var known = before.TryGetProperty(member.Name, out var old);
            if (known && !everything && JsonElement.DeepEquals(old, member.Value))
            {
                continue;
            }

            json.WritePropertyName(member.Name);
            if (known && old.ValueKind == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object)
            {
                WriteObject(json, old, member.Value, everything);
            }
            else
            {
                member.Value.WriteTo(json);
            }
        }

        foreach (var member in before.EnumerateObject())
        {
            if (!after.TryGetProperty(member.Name, out _))
            {
                json.WriteNull(member.Name);
            }
        }

        json.WriteEndObject();
    }
}
