using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>The connection ends without a word; with a schedule all those of a storm do at the same moment.</summary>
internal sealed class DisconnectFault(FaultPlan plan, RandomStream random) : MomentFault(plan, random)
{
    private readonly TimeSpan? _away = plan.For;

    protected override void Strike(IFaultTarget device) => device.Cut(FaultKind.Disconnect, _away);
}
