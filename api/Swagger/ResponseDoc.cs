using System.Text.Json;
using Twins.Api.Problems;
using Twins.Contracts.Json;

namespace Twins.Api.Swagger;

/// <summary>An answer of an endpoint.</summary>
/// <param name="Status">The status.</param>
/// <param name="Description">When it comes.</param>
/// <param name="ContentType">The content type of the body, if there is one.</param>
/// <param name="Example">The body; null for none.</param>
/// <param name="Schema">The type whose schema it has; null for any JSON.</param>
/// <param name="Headers">The headers that go with it.</param>
internal sealed record ResponseDoc(int Status, string Description, string ContentType, string? Example, Type? Schema, string[] Headers)
{
    /// <summary>A problem as answer.</summary>
    public static ResponseDoc OfProblem(int status, string code, string detail, string[] headers)
    {
        var title = ProblemBody.Title(status);
        var example = JsonSerializer.Serialize(
            new { type = ProblemJson.TypeOf(code), title, status, detail, instance = "/twins/demo:pump-1", code }, SwaggerJson.Relaxed);
        return new ResponseDoc(status, title, ProblemBody.ContentType, example, typeof(ProblemAnswer), headers);
    }
}
