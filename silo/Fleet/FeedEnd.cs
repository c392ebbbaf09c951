namespace Twins.Silo.Fleet;

/// <summary>
/// Stops the updates of the fleet index as the first step when the last active silo stops: no silo is left to host its partitions, and the
/// next start reads the index from the store. While another silo is active, the updates continue.
/// </summary>
internal sealed class FeedEnd(FleetFeed feed, ISiloStatusOracle silos) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(FeedEnd), ServiceLifecycleStage.Last, static _ => Task.CompletedTask, _ =>
        {
            if (silos.GetApproximateSiloStatuses(onlyActive: true).Count <= 1)
            {
                feed.End();
            }

            return Task.CompletedTask;
        });
}
