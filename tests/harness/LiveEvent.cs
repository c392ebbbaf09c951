using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>One Server-Sent Event.</summary>
public sealed record LiveEvent(string? Id, string Type, string Data)
{
    public JsonNode Json => JsonNode.Parse(Data)!;
}
