using System.Collections.Immutable;

namespace Twins.Contracts.Json;

/// <summary>
/// The epochs of a device, in the order in which they appeared. An epoch is only a name; its ordinal says which came
/// later, so that what is still on its way from before a restart is known to be old. Immutable.
/// </summary>
[GenerateSerializer, Immutable, Alias("twins.epochs")]
public sealed record EpochHistory
{
    /// <summary>
    /// How many epochs before the current one are remembered; one that is older and comes back counts as new.
    /// </summary>
    public const int MaxFormer = 8;

    /// <summary>Of a device that has not sent an epoch yet.</summary>
    public static EpochHistory None { get; } = new();

    /// <summary>The epoch that appeared last; null before the first.</summary>
    [Id(0)]
    public ulong? Current { get; init; }

    /// <summary>The ordinal of <see cref="Current"/>; 0 before the first, which has 1.</summary>
    [Id(1)]
    public int Ordinal { get; init; }

    /// <summary>The epochs before, the latest first: their ordinals go down from <see cref="Ordinal"/> by one.</summary>
    [Id(2)]
    public ImmutableArray<ulong> Former { get; init; } = [];

    /// <summary>Finds an epoch's ordinal; an unknown epoch becomes the current one.</summary>
    /// <returns>The history with the epoch in it (this one, if it was), and the epoch's ordinal.</returns>
    public (EpochHistory History, int Ordinal) Resolve(ulong epoch)
    {
        if (Current == epoch)
        {
            return (this, Ordinal);
        }

        var former = Former.IndexOf(epoch);
        if (former >= 0)
        {
            return (this, Ordinal - 1 - former);
        }

        var history = new EpochHistory
        {
            Current = epoch,
            Ordinal = Ordinal + 1,
            Former = Current is { } last ? [last, .. Former.Take(MaxFormer - 1)] : [],
        };
        return (history, history.Ordinal);
    }

    /// <summary>Whether both know the same epochs in the same order.</summary>
    public bool Equals(EpochHistory? other) =>
        other is not null && Current == other.Current && Ordinal == other.Ordinal
        && Former.AsSpan().SequenceEqual(other.Former.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Current, Ordinal, Former.Length);
}
