using System.Text;
using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>A message that a client received.</summary>
public sealed record MqttMessage(
    string Topic,
    byte[] Payload,
    int Qos,
    bool Retained,
    IReadOnlyList<KeyValuePair<string, string>> UserProperties,
    byte[]? CorrelationData)
{
    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The payload as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Payload)!;

    public override string ToString() => $"{Topic} {Text}";
}
