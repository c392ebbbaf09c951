using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>Something that befalls single reports: twice, late or broken. Begins and ends, and hits each by chance.</summary>
internal sealed class MessageFault(FaultPlan plan, RandomStream random) : LastingFault(plan)
{
    private readonly double _probability = plan.Probability ?? 1;
    private RandomStream _random = random;

    public FaultKind Kind { get; } = plan.Kind;

    /// <summary>Reorder: behind how many later reports; at least one.</summary>
    public int Behind { get; } = (int)Math.Clamp(plan.By, 1, 1000);

    /// <summary>Whether it hits the report that is made now. One draw for each, so that the next depends on no clock.</summary>
    public bool Hits() => Active && _random.NextDouble() < _probability;

    /// <summary>Which of so many variants of itself it is this time.</summary>
    public int Variant(int count) => _random.Next(count);

    protected override void Begin(IFaultTarget device)
    {
        // What it does it does to reports.
    }

    protected override void End(IFaultTarget device)
    {
        // As above.
    }
}
