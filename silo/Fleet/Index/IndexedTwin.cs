using Twins.Silo.Twins;

namespace Twins.Silo.Fleet.Index;

/// <summary>What the fleet index is told of a twin: the part of its durable state that queries can name.</summary>
[GenerateSerializer, Immutable, Alias("twins.indexed")]
internal sealed record IndexedTwin
{
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required long Revision { get; init; }

    /// <summary>False: the twin was deleted with this revision; nothing else counts.</summary>
    [Id(2)]
    public required bool Exists { get; init; }

    [Id(3)]
    public string? Model { get; init; }

    [Id(4)]
    public byte[] Tags { get; init; } = EmptySection.Bytes;

    [Id(5)]
    public byte[] Desired { get; init; } = EmptySection.Bytes;

    [Id(6)]
    public byte[] Reported { get; init; } = EmptySection.Bytes;

    [Id(7)]
    public byte[] DesiredStamps { get; init; } = EmptySection.Bytes;

    [Id(8)]
    public byte[] ReportedStamps { get; init; } = EmptySection.Bytes;

    [Id(9)]
    public bool Online { get; init; }

    /// <summary>Unix milliseconds; 0 for never.</summary>
    [Id(10)]
    public long Since { get; init; }

    /// <summary>Unix milliseconds; 0 for never.</summary>
    [Id(11)]
    public long LastSeen { get; init; }

    [Id(12)]
    public string? Link { get; init; }

    [Id(13)]
    public string? Dialect { get; init; }

    /// <summary>Unix milliseconds.</summary>
    [Id(14)]
    public long CreatedAt { get; init; }

    /// <summary>Unix milliseconds.</summary>
    [Id(15)]
    public long ModifiedAt { get; init; }

    /// <summary>How many of the device's messages were stale.</summary>
    [Id(16)]
    public long Stale { get; init; }

    /// <summary>What it takes in a call, in bytes, about.</summary>
    public int Bytes => Tags.Length + Desired.Length + Reported.Length + DesiredStamps.Length + ReportedStamps.Length;

    public static IndexedTwin Of(string id, TwinState state) => new()
    {
        Id = id,
        Revision = state.Revision,
        Exists = state.Exists,
        Model = state.Model,
        Tags = state.Tags,
        Desired = state.Desired,
        Reported = state.Reported,
        DesiredStamps = state.DesiredStamps,
        ReportedStamps = state.ReportedStamps,
        Online = state.Connection.Online,
        Since = state.Connection.Since?.ToUnixTimeMilliseconds() ?? 0,
        LastSeen = state.Connection.LastSeen?.ToUnixTimeMilliseconds() ?? 0,
        Link = state.Connection.Address?.Link,
        Dialect = state.Connection.Dialect,
        Stale = state.Connection.Stale,
        CreatedAt = state.CreatedAt.ToUnixTimeMilliseconds(),
        ModifiedAt = state.ModifiedAt.ToUnixTimeMilliseconds(),
    };
}
