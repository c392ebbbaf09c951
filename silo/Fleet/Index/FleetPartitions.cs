using Twins.Silo.Storage;

namespace Twins.Silo.Fleet.Index;

/// <summary>The partitions of the fleet index: one for each shard of the catalog, so that each can be read anew by itself.</summary>
internal sealed class FleetPartitions
{
    public const int Count = TwinShards.Count;

    private readonly IFleetPartitionGrain[] _all;

    public FleetPartitions(IGrainFactory grains)
        : this([.. Enumerable.Range(0, Count).Select(key => grains.GetGrain<IFleetPartitionGrain>(key))])
    {
    }

    internal FleetPartitions(IFleetPartitionGrain[] all) => _all = all;

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<IFleetPartitionGrain> All => _all;

    /// <summary>Asks all at once.</summary>
    public Task<T[]> Ask<T>(Func<IFleetPartitionGrain, Task<T>> question) => Task.WhenAll(_all.Select(question));
}
