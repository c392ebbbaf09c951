using System.Text.Json.Nodes;

namespace Twins.Api.Tests;

/// <summary>A block of an event stream.</summary>
internal sealed record SseEvent(string Id, string Kind, string Data, string Comment)
{
    public JsonNode Json => JsonNode.Parse(Data)!;
}
