using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>The device's clock is off.</summary>
internal sealed class SkewFault(FaultPlan plan) : LastingFault(plan)
{
    private readonly double _seconds = plan.By;

    protected override void Begin(IFaultTarget device) => device.Skew(_seconds);

    protected override void End(IFaultTarget device) => device.Skew(0);
}
