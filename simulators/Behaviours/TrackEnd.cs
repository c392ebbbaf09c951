namespace Twins.Simulators.Behaviours;

/// <summary>What happens at the end of a route.</summary>
internal enum TrackEnd
{
    /// <summary>On to its first point.</summary>
    Loop,

    /// <summary>Back the way it came.</summary>
    Back,

    /// <summary>It stays there.</summary>
    Stop,
}
