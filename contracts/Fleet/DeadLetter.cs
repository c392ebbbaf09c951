namespace Twins.Contracts.Fleet;

/// <summary>A message that could not be applied, kept with its reason.</summary>
[GenerateSerializer, Immutable, Alias("twins.dead-letter")]
public sealed record DeadLetter
{
    /// <summary>Unique, sorts by time (ULID).</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>When it arrived.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The link it arrived on.</summary>
    [Id(2)]
    public required string Link { get; init; }

    /// <summary>The client id of the connection, where the link knows it.</summary>
    [Id(3)]
    public string? Connection { get; init; }

    /// <summary>The topic it was published on; at most 1,024 characters of it.</summary>
    [Id(4)]
    public required string Topic { get; init; }

    /// <summary>The twin it was meant for, where the topic names one.</summary>
    [Id(5)]
    public string? TwinId { get; init; }

    /// <summary>What was wrong.</summary>
    [Id(6)]
    public required Problem Problem { get; init; }

    /// <summary>The first bytes of the payload, at most 1,024.</summary>
    [Id(7)]
    public byte[] PayloadStart { get; init; } = [];

    /// <summary>How long the payload was, in bytes.</summary>
    [Id(8)]
    public long PayloadBytes { get; init; }
}
