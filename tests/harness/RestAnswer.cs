using System.Net;
using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>An HTTP response, read.</summary>
public sealed record RestAnswer(
    HttpStatusCode Status,
    string? MediaType,
    string Text,
    IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body; null if it is empty.</summary>
    public JsonNode? Json => Text.Length == 0 ? null : JsonNode.Parse(Text);

    /// <summary>The body, where the status is as expected.</summary>
    public JsonNode? Expect(HttpStatusCode status)
    {
        if (Status != status)
        {
            throw new InvalidOperationException($"expected {(int)status}, got {this}");
        }

        return Json;
    }

    public override string ToString() => $"{(int)Status} {MediaType} {Text}";
}
