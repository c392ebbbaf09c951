namespace Twins.Simulators.Views;

/// <summary>What is left of a replay.</summary>
/// <param name="File">What was played.</param>
/// <param name="Readings">How many readings it has.</param>
/// <param name="Delivered">How many were acknowledged.</param>
internal sealed record ReplaySummary(string File, long Readings, long Delivered);
