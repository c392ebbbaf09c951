using Orleans.CodeGeneration;
using Twins.Contracts;
using Twins.Contracts.Fleet;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// A part of the fleet index: the twins of one shard of the catalog, in memory. The key is the shard. Questions are answered with
/// null until it has read its shard from the store.
/// </summary>
[Alias("twins.fleet-partition"), Version(GrainVersion.Current)]
internal interface IFleetPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Takes twins as they are now; a later revision that is known already stays.</summary>
    [Alias("update")]
    [ResponseTimeout("00:00:05")]
    Task Update(IndexedTwin[] twins);

    /// <summary>Takes a page of the twins that the store reads once after its start.</summary>
    [Alias("fill")]
    [ResponseTimeout("00:00:30")]
    Task Fill(IndexedTwin[] twins);

    /// <summary>Notes that <see cref="Fill"/> was called with all twins of the shard. If this activation missed some, it reads the shard itself.</summary>
    /// <param name="twins">How many there were.</param>
    [Alias("complete")]
    [ResponseTimeout("00:00:30")]
    Task Complete(long twins);

    /// <summary>Returns when the writes are in it that the tokens name: what has not come by itself is read from the store.</summary>
    [Alias("catch-up")]
    [ResponseTimeout("00:00:05")]
    Task CatchUp(RevisionToken[] tokens);

    /// <summary>The first that a query finds here, in its order.</summary>
    [Alias("find")]
    [ResponseTimeout("00:00:10")]
    Task<FoundTwin[]?> Find(FleetQuery query);

    /// <summary>How many a query finds here.</summary>
    [Alias("count")]
    [ResponseTimeout("00:00:10")]
    Task<int?> Count(FleetQuery query);

    /// <summary>What those add up to that a query finds here.</summary>
    [Alias("aggregate")]
    [ResponseTimeout("00:00:10")]
    Task<FleetGroups?> Aggregate(FleetAggregation aggregation);

    /// <summary>How far it is. Whoever asks wakes it.</summary>
    [Alias("progress")]
    [ResponseTimeout("00:00:05")]
    Task<PartitionProgress> Progress();

    /// <summary>
    /// Reads its shard again, and answers meanwhile as before: what a silo that has died had made durable, and not told any more, is
    /// found so. Returns at once; for the same reason it is read once.
    /// </summary>
    [Alias("read-again")]
    [ResponseTimeout("00:00:05")]
    Task ReadAgain(string reason);

    /// <summary>Goes to another silo when nothing is under way here; it reads its shard there.</summary>
    [Alias("move")]
    [ResponseTimeout("00:00:05")]
    Task Move(SiloAddress silo);
}
