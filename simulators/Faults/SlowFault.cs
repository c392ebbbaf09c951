using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>What is sent to the device is read slowly.</summary>
internal sealed class SlowFault(FaultPlan plan) : LastingFault(plan)
{
    private readonly TimeSpan _perMessage = plan.Up;

    protected override void Begin(IFaultTarget device) => device.Slow(_perMessage);

    protected override void End(IFaultTarget device) => device.Slow(TimeSpan.Zero);
}
