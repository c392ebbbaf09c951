using System.Text.Json;
using System.Text.Json.Serialization;

namespace NSwagTwins;

/// <summary>What is written by hand beside the generated client: a member without a value is left out, as docs/rest.md tells.</summary>
public partial class TwinsClient
{
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
