using System.Text.Encodings.Web;
using System.Text.Json;

namespace Twins.Api.Swagger;

/// <summary>How examples are spelled.</summary>
internal static class SwaggerJson
{
    /// <summary>With quotes and angle brackets as a person would write them.</summary>
    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
