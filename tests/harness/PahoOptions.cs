namespace Twins.Tests.Harness;

/// <summary>How a client connects.</summary>
public sealed record PahoOptions(string ClientId, int Port)
{
    /// <summary>4 is MQTT 3.1.1, 5 is MQTT 5.</summary>
    public int Version { get; init; } = 5;

    /// <summary>Without it the session is kept for an hour (MQTT 5) or for ever (3.1.1).</summary>
    public bool Clean { get; init; } = true;

    public Publish? Will { get; init; }

    public int KeepAliveSeconds { get; init; } = 60;

    /// <summary>How many QoS 1 and 2 messages it sends ahead of their acknowledgement.</summary>
    public int InFlight { get; init; } = 20;

    public string? Username { get; init; }

    public string? Password { get; init; }
}
