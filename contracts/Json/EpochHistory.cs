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

    /// <summary>Gets the modulus of the device's counter, if it wraps; see <see cref="SerialNumber"/>.</summary>
    [Id(3)]
    public ulong? Modulus { get; init; }

    /// <summary>Gets the latest number of the current epoch, counted on where the device's counter wraps; null if it does not wrap.</summary>
    [Id(4)]
    public ulong? Latest { get; init; }

    /// <summary>
    /// Finds where a sequence number of a device stands: the ordinal of its epoch, and the number as if its counter had not wrapped.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="seq">The number.</param>
    /// <param name="modulus">The number of values of the device's counter; 0 if it does not wrap.</param>
    /// <returns>The history with both in it, the ordinal, and the number to order by.</returns>
    public (EpochHistory History, int Ordinal, ulong Seq) Resolve(ulong epoch, ulong seq, ulong modulus)
    {
        var counted = (Modulus ?? 0) == modulus ? this : WithModulus(modulus);
        var (history, ordinal) = counted.Resolve(epoch);
        if (modulus == 0)
        {
            return (history, ordinal, seq);
        }

        if (ordinal < history.Ordinal)
        {
            // Of former epochs the latest number is not known any more.
            return (history, ordinal, SerialNumber.First(seq, modulus));
        }

        var next = history.Latest is { } latest ? SerialNumber.After(latest, seq, modulus) : SerialNumber.First(seq, modulus);
        return (history with { Latest = Math.Max(history.Latest ?? 0, next) }, ordinal, next);
    }

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
            Modulus = Modulus,
        };
        return (history, history.Ordinal);
    }

    /// <summary>Whether both know the same epochs in the same order.</summary>
    public bool Equals(EpochHistory? other) =>
        other is not null && Current == other.Current && Ordinal == other.Ordinal
        && Modulus == other.Modulus && Latest == other.Latest && Former.AsSpan().SequenceEqual(other.Former.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Current, Ordinal, Former.Length, Latest);

    /// <summary>
    /// Numbers that were counted with another modulus cannot be compared with those that come: the same epoch begins again.
    /// </summary>
    private EpochHistory WithModulus(ulong modulus) => new()
    {
        Current = Current,
        Ordinal = Current is null ? Ordinal : Ordinal + 1,
        Former = Current is { } current ? [current, .. Former.Take(MaxFormer - 1)] : [],
        Modulus = modulus == 0 ? null : modulus,
    };
}
