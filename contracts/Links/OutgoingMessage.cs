using Twins.Contracts.Twins;

namespace Twins.Contracts.Links;

/// <summary>A message to a device, not yet spelled in its dialect.</summary>
[GenerateSerializer, Immutable, Alias("twins.outgoing")]
public sealed record OutgoingMessage
{
    /// <summary>Whose device.</summary>
    [Id(0)]
    public required string TwinId { get; init; }

    /// <summary>What is said.</summary>
    [Id(1)]
    public required OutgoingMessageKind Kind { get; init; }

    /// <summary>Where the device hangs.</summary>
    [Id(2)]
    public required LinkAddress Address { get; init; }

    /// <summary>How the device speaks.</summary>
    [Id(3)]
    public required string Dialect { get; init; }

    /// <summary>JSON.</summary>
    [Id(4)]
    public required byte[] Body { get; init; }

    /// <summary>The name of a <see cref="OutgoingMessageKind.Command"/>.</summary>
    [Id(5)]
    public string? CommandName { get; init; }

    /// <summary>The id of a <see cref="OutgoingMessageKind.Command"/>.</summary>
    [Id(6)]
    public string? CommandId { get; init; }

    /// <summary>MQTT 5: where the asker wants its <see cref="OutgoingMessageKind.Document"/>.</summary>
    [Id(7)]
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5: given back with the answer.</summary>
    [Id(8)]
    public byte[]? CorrelationData { get; init; }

    /// <summary>The connection (client id) that asked; it gets the answer though it may not speak for the device.</summary>
    [Id(9)]
    public string? Connection { get; init; }

    /// <summary>The revision of the twin that a <see cref="OutgoingMessageKind.Desired"/> delta belongs to; 0 for the other kinds.</summary>
    [Id(10)]
    public long Revision { get; init; }

    /// <summary>When a <see cref="OutgoingMessageKind.Command"/> times out: it must not reach the device after this.</summary>
    [Id(11)]
    public DateTimeOffset? ExpiresAt { get; init; }
}
