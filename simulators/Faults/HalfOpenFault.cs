using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>The device is gone and its socket is not.</summary>
internal sealed class HalfOpenFault(FaultPlan plan, RandomStream random) : MomentFault(plan, random)
{
    private readonly TimeSpan? _span = plan.For;

    protected override void Strike(IFaultTarget device) => device.Freeze(_span);
}
