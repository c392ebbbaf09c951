namespace Twins.Simulators.Fleet;

/// <summary>A fleet whose numbers can be watched, be it made up or replayed.</summary>
public interface IFleet : IAsyncDisposable
{
    /// <summary>The numbers now; cheap enough for a few times a second.</summary>
    FleetSnapshot Snapshot();

    /// <summary>How many acknowledgements took how long, since the start; empty before the first.</summary>
    IReadOnlyList<LatencyBucket> LatencyDistribution();

    /// <summary>Runs it once, for the duration or until cancelled, which is a normal end, and stops it in good order.</summary>
    Task<FleetSnapshot> RunAsync(TimeSpan? duration, CancellationToken cancellationToken);
}
