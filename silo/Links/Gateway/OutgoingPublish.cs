namespace Twins.Silo.Links.Gateway;

/// <summary>A publish to a client that has not acknowledged it yet; it moves along when the session moves.</summary>
[GenerateSerializer, Immutable, Alias("twins.gateway-publish")]
internal sealed record OutgoingPublish
{
    [Id(0)]
    public required string Topic { get; init; }

    [Id(1)]
    public required byte[] Payload { get; init; }

    /// <summary>0 or 1: the platform publishes nothing with QoS 2.</summary>
    [Id(2)]
    public required byte Qos { get; init; }

    [Id(3)]
    public string? ContentType { get; init; }

    [Id(4)]
    public byte[]? CorrelationData { get; init; }

    /// <summary>What it was sent with, for the client may know it by that (MQTT-4.4.0-1); 0 where it was not sent yet.</summary>
    [Id(5)]
    public ushort PacketIdentifier { get; init; }

    /// <summary>The twin whose command it is, and the command's id; both null for anything else.</summary>
    [Id(6)]
    public string? TwinId { get; init; }

    /// <inheritdoc cref="TwinId"/>
    [Id(7)]
    public string? CommandId { get; init; }

    /// <summary>The client must not get it after this.</summary>
    [Id(8)]
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}
