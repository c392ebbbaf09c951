using Twins.Simulators.Plans;

namespace Twins.Simulators.Fleet;

/// <summary>One device of a plan.</summary>
/// <param name="Id">Its twin id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Its number within the kind, from 1.</param>
/// <param name="Connection">The number of the connection it is on, from 0.</param>
internal sealed record RollEntry(string Id, KindPlan Kind, int Number, int Connection);
