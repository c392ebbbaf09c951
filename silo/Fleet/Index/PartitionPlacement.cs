namespace Twins.Silo.Fleet.Index;

/// <summary>Spreads the partitions of the fleet index evenly over the silos (<see cref="PartitionPlacementDirector"/>).</summary>
[GenerateSerializer, Immutable, Alias("twins.partition-placement")]
internal sealed class PartitionPlacement : PlacementStrategy;
