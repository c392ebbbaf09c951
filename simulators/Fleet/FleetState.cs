namespace Twins.Simulators.Fleet;

/// <summary>Where a fleet is in its life.</summary>
public enum FleetState
{
    /// <summary>Not started.</summary>
    New = 0,

    /// <summary>Running.</summary>
    Running = 1,

    /// <summary>Publishing nothing new, waiting for acknowledgements.</summary>
    Stopping = 2,

    /// <summary>Disconnected.</summary>
    Stopped = 3,
}
