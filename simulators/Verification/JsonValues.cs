using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>Equality of values as texts and as elements: numbers by value, strings however they are escaped.</summary>
internal static class JsonValues
{
    public static bool AreEqual(ReadOnlySpan<byte> text, JsonElement element)
    {
        // Mostly the platform keeps what it was sent, to the byte.
        if (text.SequenceEqual(JsonMarshal.GetRawUtf8Value(element)))
        {
            return true;
        }

        var json = new Utf8JsonReader(text);
        using var document = JsonDocument.ParseValue(ref json);
        return JsonElement.DeepEquals(document.RootElement, element);
    }
}
