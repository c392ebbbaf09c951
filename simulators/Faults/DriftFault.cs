using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>A property wanders off.</summary>
internal sealed class DriftFault(FaultPlan plan) : LastingFault(plan)
{
    private readonly string _property = plan.Property ?? throw new ArgumentException("a drift fault needs a property", nameof(plan));
    private readonly double _unitsAnHour = plan.By;

    protected override void Begin(IFaultTarget device) => device.Drift(_property, _unitsAnHour);

    protected override void End(IFaultTarget device) => device.Drift(_property, 0);
}
