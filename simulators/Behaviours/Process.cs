namespace Twins.Simulators.Behaviours;

/// <summary>A behaviour made ready to run, for all devices of a kind: what it remembers stands in each device's state.</summary>
/// <param name="Start">Makes the value a device begins with.</param>
/// <param name="Step">Makes the next, <see cref="Moment.Seconds"/> later; null: it stays.</param>
internal sealed record Process(Act Start, Act? Step);
