using System.Text.Json.Nodes;

namespace Twins.Simulators.Tests;

/// <summary>A message a broker got from a device.</summary>
internal sealed record ReceivedMessage(
    string ClientId, string Topic, string Payload, int QualityOfService, bool Dup, IReadOnlyDictionary<string, string> Properties)
{
    public JsonObject Json => JsonNode.Parse(Payload)!.AsObject();
}
