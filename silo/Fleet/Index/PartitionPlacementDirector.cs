using Orleans.Runtime.Placement;

namespace Twins.Silo.Fleet.Index;

/// <summary>Places each partition of the fleet index on its home, or where it is sent.</summary>
internal sealed class PartitionPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
        {
            return Task.FromResult(hint);
        }

        var shard = target.GrainIdentity.GetIntegerKey();
        return Task.FromResult(HomeOf((int)shard, [.. silos.Order()]));
    }

    /// <summary>The silo that a partition belongs to: partition n to silo n modulo their number, so that each silo has as many as the next.</summary>
    /// <param name="shard">The key of the partition.</param>
    /// <param name="silos">All silos in their order.</param>
    public static SiloAddress HomeOf(int shard, SiloAddress[] silos) => silos[shard % silos.Length];
}
