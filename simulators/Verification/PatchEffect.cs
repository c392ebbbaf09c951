using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>What a merge patch does to one property.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct PatchEffect(bool touches, bool isObject, ReadOnlySpan<byte> value)
{
    /// <summary>Whether it does anything.</summary>
    public bool Touches { get; } = touches;

    /// <summary>Whether the property is an object from then on.</summary>
    public bool IsObject { get; } = isObject;

    /// <summary>Its value from then on; empty: it is gone, or an object.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    private static PatchEffect None => default;

    private static PatchEffect Gone => new(true, false, default);

    /// <summary>Looks for a property in a patch.</summary>
    public static PatchEffect Of(ReadOnlySpan<byte> patch, IReadOnlyList<string> path)
    {
        var json = new Utf8JsonReader(patch);
        json.Read();
        foreach (var name in path)
        {
            // Something else than an object ends all that was within it.
            if (json.TokenType != JsonTokenType.StartObject)
            {
                return Gone;
            }

            if (!Enter(ref json, name))
            {
                return None;
            }
        }

        if (json.TokenType == JsonTokenType.StartObject)
        {
            return new PatchEffect(true, true, default);
        }

        if (json.TokenType == JsonTokenType.Null)
        {
            return Gone;
        }

        var start = (int)json.TokenStartIndex;
        json.Skip();
        return new PatchEffect(true, false, patch[start..(int)json.BytesConsumed]);
    }

    /// <summary>Whether a twin that has this value, or not, can have it from this report.</summary>
    public bool Explains(JsonElement? found) => found is not { } value ? !IsObject && Value.IsEmpty
        : IsObject ? value.ValueKind == JsonValueKind.Object
        : !Value.IsEmpty && JsonValues.AreEqual(Value, value);

    private static bool Enter(ref Utf8JsonReader json, string name)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = json.ValueTextEquals(name);
            json.Read();
            if (isIt)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }
}
