namespace Twins.Simulators.Reporting;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its class in the style sheet: <c>first</c> or <c>second</c>.</param>
/// <param name="Filled">Whether the area below is filled.</param>
/// <param name="Value">Its value in a sample; null: a gap.</param>
/// <param name="Label">The value as people read it.</param>
internal sealed record ChartLine(string Name, string Style, bool Filled, Func<RunSample, double?> Value, Func<double, string> Label);
