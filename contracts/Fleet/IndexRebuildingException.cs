using System.Globalization;

namespace Twins.Contracts.Fleet;

/// <summary>
/// The fleet index is being read from the store, after a start or after the end of a silo: there is no whole answer yet, and a
/// part of it is not given.
/// </summary>
[GenerateSerializer, Alias("twins.index-rebuilding")]
public sealed class IndexRebuildingException : Exception
{
    /// <summary>Makes it.</summary>
    /// <param name="ready">Partitions that are complete.</param>
    /// <param name="partitions">Partitions that there are.</param>
    /// <param name="twins">Twins that are in the index already.</param>
    public IndexRebuildingException(int ready, int partitions, long twins)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"the fleet index is being read from the store: {ready} of {partitions} partitions are complete, {twins} twins so far; ask again in a few seconds"))
    {
        Ready = ready;
        Partitions = partitions;
        Twins = twins;
    }

    /// <summary>Partitions that are complete.</summary>
    [Id(0)]
    public int Ready { get; private set; }

    /// <summary>Partitions that there are.</summary>
    [Id(1)]
    public int Partitions { get; private set; }

    /// <summary>Twins that are in the index already.</summary>
    [Id(2)]
    public long Twins { get; private set; }
}
