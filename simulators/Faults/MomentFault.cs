using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>A single blow: at its moment, again and again where the plan says so, or by chance in any minute.</summary>
internal abstract class MomentFault : Fault
{
    private readonly FaultPlan _plan;
    private RandomStream _random;
    private double _minute;

    protected MomentFault(FaultPlan plan, RandomStream random)
    {
        _plan = plan;
        _random = random;
        Next = plan.Probability is { } probability ? NextChance(probability) : plan.At;
    }

    public sealed override void Pass(IFaultTarget device)
    {
        Next = _plan.Probability is { } probability ? NextChance(probability)
            : _plan.Every is { } every && every > TimeSpan.Zero ? Later(Next, every)
            : Never;
        Strike(device);
    }

    protected abstract void Strike(IFaultTarget device);

    // How many minutes pass without a blow, in one draw instead of one a minute; then the moment within the minute.
    private TimeSpan NextChance(double probability)
    {
        var miss = 1 - _random.NextDouble();
        _minute += probability >= 1 ? 0 : probability <= 0 ? double.PositiveInfinity : Math.Floor(Math.Log(miss) / Math.Log(1 - probability));
        var minutes = _minute++ + _random.NextDouble();
        return minutes < TimeSpan.MaxValue.TotalMinutes / 2 ? Later(_plan.At, TimeSpan.FromMinutes(minutes)) : Never;
    }
}
