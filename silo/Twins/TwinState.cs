using System.Collections.Immutable;
using Twins.Contracts.Commands;
using Twins.Contracts.Events;
using Twins.Contracts.Json;

namespace Twins.Silo.Twins;

/// <summary>
/// All that is kept for a device. It is never changed: a change makes the next state, so that the last durable one
/// stays at hand for readers.
/// </summary>
internal sealed record TwinState
{
    /// <summary>Added to a revision that may be too low, so that none is used twice: 2^20.</summary>
    public const long RevisionGap = 1 << 20;

    private readonly long _createdAt;
    private readonly long _modifiedAt;

    /// <summary>False before the first change and after a delete; the revision outlives both.</summary>
    public bool Exists { get; init; }

    public long Revision { get; init; }

    public string? Model { get; init; }

    public byte[] Tags { get; init; } = EmptySection.Bytes;

    public byte[] Desired { get; init; } = EmptySection.Bytes;

    public byte[] Reported { get; init; } = EmptySection.Bytes;

    /// <summary>When, and in which order, each desired property was written.</summary>
    public byte[] DesiredStamps { get; init; } = EmptySection.Bytes;

    /// <summary>When, and in which order, each reported property was written.</summary>
    public byte[] ReportedStamps { get; init; } = EmptySection.Bytes;

    /// <summary>The device's epochs, for devices that count.</summary>
    public EpochHistory Epochs { get; init; } = EpochHistory.None;

    public TwinConnection Connection { get; init; } = TwinConnection.Never;

    /// <summary>The fencing tokens of those that act for the device. They outlive a delete, like the revision.</summary>
    public RightTokens Tokens { get; init; }

    public DateTimeOffset CreatedAt
    {
        get => new(_createdAt, TimeSpan.Zero);
        init => _createdAt = value.UtcTicks;
    }

    public DateTimeOffset ModifiedAt
    {
        get => new(_modifiedAt, TimeSpan.Zero);
        init => _modifiedAt = value.UtcTicks;
    }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<Command> Commands { get; init; } = [];

    /// <summary>The revision at which desired was changed last.</summary>
    public long DesiredRevision { get; init; }

    /// <summary>Desired properties that the device refuses; oldest first.</summary>
    public ImmutableArray<DesiredRejection> Rejections { get; init; } = [];

    /// <summary>
    /// The device has not been handed the delta as it is; of a deleted twin: brokers may still have the retained message.
    /// </summary>
    public bool DesiredPending { get; init; }

    /// <summary>Events that were promised to a listener and are not handed over yet; oldest first.</summary>
    public ImmutableArray<TwinEvent> Events { get; init; } = [];

    /// <summary>Returns what of desired differs from reported, without what the device refuses.</summary>
    public byte[] Delta() => JsonDelta.Compute(Rejections.IsEmpty ? Desired : DesiredRejections.Accepted(Desired, Rejections), Reported);

    /// <summary>The stored row does not match its checksum: nothing but the id is known. Never stored.</summary>
    public bool IsDamaged { get; init; }
}
