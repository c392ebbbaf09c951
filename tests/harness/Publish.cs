using System.Text;

namespace Twins.Tests.Harness;

/// <summary>A message to publish.</summary>
public sealed record Publish(string Topic, byte[] Payload)
{
    public Publish(string topic, string payload)
        : this(topic, Encoding.UTF8.GetBytes(payload))
    {
    }

    public int Qos { get; init; } = 1;

    public bool Retain { get; init; }

    /// <summary>MQTT 5.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>MQTT 5.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>MQTT 5: one more user property.</summary>
    public Publish With(string name, string value) =>
        this with { UserProperties = [.. UserProperties, new(name, value)] };
}
