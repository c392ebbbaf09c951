using Twins.Contracts.Fleet;

namespace Twins.Silo.Fleet.Index;

/// <summary>A scan of a partition that waits for its turn.</summary>
internal sealed class QueryTurn(FleetQuery query)
{
    public FleetQuery Query => query;

    /// <summary>Completes when the scan may start. Grains continue in their own context.</summary>
    public TaskCompletionSource Start { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
