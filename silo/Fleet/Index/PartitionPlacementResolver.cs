using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Gives the partitions of the fleet index their placement. An attribute on the grain would do the same, but during an update silos of the
/// release before read it as well, and refuse to call a grain whose placement they do not have.
/// </summary>
internal sealed class PartitionPlacementResolver : IPlacementStrategyResolver
{
    private static readonly GrainType Partition = GrainType.Create(FleetPartitionGrain.TypeName);
    private static readonly PartitionPlacement Placement = new();

    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result)
    {
        result = grainType == Partition ? Placement : null;
        return result is not null;
    }
}
