using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>A property keeps its value.</summary>
internal sealed class StuckFault(FaultPlan plan) : LastingFault(plan)
{
    private readonly string _property = plan.Property ?? throw new ArgumentException("a stuck fault needs a property", nameof(plan));

    protected override void Begin(IFaultTarget device) => device.Stick(_property, stuck: true);

    protected override void End(IFaultTarget device) => device.Stick(_property, stuck: false);
}
