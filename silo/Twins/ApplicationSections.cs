using System.Buffers;
using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Silo.Twins;

/// <summary>The parts of a twin that a write may change, as it leaves them.</summary>
internal sealed record ApplicationSections(string? Model, byte[] Tags, byte[] Desired, byte[] Reported)
{
    public static ApplicationSections Of(TwinState state) => new(state.Model, state.Tags, state.Desired, state.Reported);

    /// <summary>The model as JSON.</summary>
    public static byte[] Text(string? model) => model is null
        ? "null"u8.ToArray()
        : JsonSerializer.SerializeToUtf8Bytes(model, TextJson.Default.String);

    /// <summary>What applications write as a whole: <c>{"tags":…,"desired":…,"model":…}</c>.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(64 + Tags.Length + Desired.Length);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WritePropertyName("tags"u8);
        json.WriteRawValue(Tags, skipInputValidation: true);
        json.WritePropertyName("desired"u8);
        json.WriteRawValue(Desired, skipInputValidation: true);
        if (Model is not null)
        {
            json.WritePropertyName("model"u8);
            json.WriteRawValue(Text(Model), skipInputValidation: true);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
