using System.Text.Json.Nodes;

namespace Twins.EndToEnd.Tests.Harness;

/// <summary>One Server-Sent Event.</summary>
public sealed record LiveEvent(string? Id, string Type, string Data)
{
    public JsonNode Json => JsonNode.Parse(Data)!;
}
