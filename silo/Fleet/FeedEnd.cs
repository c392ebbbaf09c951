namespace Twins.Silo.Fleet;

/// <summary>
/// Ends the feed of the fleet index first when the last active silo stops: nobody can take what it says from then on, and the index is read
/// from the store at the next start. While another silo is active, it goes on being told.
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
