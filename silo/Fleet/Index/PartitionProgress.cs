namespace Twins.Silo.Fleet.Index;

/// <summary>How far a partition of the fleet index is.</summary>
/// <param name="Ready">It has read its shard, and answers.</param>
/// <param name="Twins">Twins that are in it.</param>
/// <param name="Silo">Where it is.</param>
[GenerateSerializer, Immutable, Alias("twins.partition-progress")]
internal sealed record PartitionProgress(
    [property: Id(0)] bool Ready,
    [property: Id(1)] int Twins,
    [property: Id(2)] SiloAddress Silo);
