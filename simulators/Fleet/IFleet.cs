namespace Twins.Simulators.Fleet;

/// <summary>A fleet whose numbers can be watched, be it made up or replayed.</summary>
public interface IFleet : IAsyncDisposable
{
    /// <summary>The numbers now; cheap enough for a few times a second.</summary>
    FleetSnapshot Snapshot();
}
