namespace Twins.Simulators.Behaviours;

/// <summary>What a behaviour does at a moment to the device's state.</summary>
internal delegate void Act(in Moment moment);
