using Twins.Simulators.Fleet;

namespace Twins.Simulators.Views;

/// <summary>What a view asks while a run lasts.</summary>
/// <param name="Title">What runs, in a few words.</param>
/// <param name="Snapshot">The numbers now.</param>
/// <param name="Total">How many readings a replay has; 0: no replay.</param>
/// <param name="Delivered">How many of them were delivered.</param>
internal sealed record FleetSource(string Title, Func<FleetSnapshot> Snapshot, long Total, Func<long> Delivered);
