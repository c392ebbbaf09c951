using System.Text.Json;

namespace Twins.Silo.Twins;

/// <summary>Names that begin with <c>$</c> belong to the platform: <c>$revision</c>, <c>$epoch</c>, <c>$seq</c>, <c>$ts</c>.</summary>
internal static class ReservedNames
{
    /// <summary>The first reserved name among an object's own members, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> canonical)
    {
        var reader = new Utf8JsonReader(canonical);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan is [(byte)'$', ..])
            {
                return reader.GetString();
            }

            reader.Read();
            reader.Skip();
        }

        return null;
    }
}
