using Twins.Contracts.Twins;

namespace Twins.Contracts.Commands;

/// <summary>A request to a device that wants an answer, and what became of it.</summary>
[GenerateSerializer, Immutable, Alias("twins.command")]
public sealed record Command
{
    /// <summary>Unique within the twin, 26 characters, sorts by time (ULID).</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>What the device is asked to do: the topic segment, 1–128 letters, digits, <c>._:-</c>.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The command's JSON as sent; canonical.</summary>
    [Id(2)]
    public required byte[] Payload { get; init; }

    /// <summary>How far it got.</summary>
    [Id(3)]
    public required CommandStatus Status { get; init; }

    /// <summary>When the platform took it.</summary>
    [Id(4)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when an answer is awaited.</summary>
    [Id(5)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it became final.</summary>
    [Id(6)]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The device's HTTP-like status, 100–599; null without an answer.</summary>
    [Id(7)]
    public int? ResponseStatus { get; init; }

    /// <summary>The device's answer, canonical JSON; null without one.</summary>
    [Id(8)]
    public byte[]? Response { get; init; }

    /// <summary>The <c>Idempotency-Key</c> it was sent with.</summary>
    [Id(9)]
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// Where it was handed over last: a device that comes back elsewhere, and has not acknowledged it, gets it there
    /// again. Null before the first time.
    /// </summary>
    [Id(10)]
    public LinkAddress? SentTo { get; init; }

    /// <summary>When the device, or the broker that it hangs on, had acknowledged it (QoS 1); null until then.</summary>
    [Id(11)]
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Nothing will change any more.</summary>
    public bool IsFinal => Status is not (CommandStatus.Pending or CommandStatus.Sent);
}
