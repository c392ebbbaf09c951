using System.Text.Json;
using System.Text.Json.Serialization;

namespace Twins.Silo.Twins;

/// <summary>Bytes that are canonical JSON lie in the store as that JSON, not as Base64; no bytes as null.</summary>
internal sealed class JsonBytesConverter : JsonConverter<byte[]>
{
    public override bool HandleNull => true;

    public override byte[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        using var value = JsonDocument.ParseValue(ref reader);
        return System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value.RootElement).ToArray();
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
    {
        if (value is { Length: > 0 })
        {
            writer.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
