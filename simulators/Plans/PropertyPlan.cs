namespace Twins.Simulators.Plans;

/// <summary>One reported property.</summary>
/// <param name="Path">Its place in the document, levels separated by <c>/</c>: <c>motor/rpm</c>.</param>
internal sealed record PropertyPlan(string Path)
{
    /// <summary>How far a number must move, since it was last reported, for a report on change; 0: at all.</summary>
    public double DeadBand { get; init; }
}
