using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>A fault that begins and ends, perhaps again and again.</summary>
internal abstract class LastingFault : Fault
{
    private readonly FaultPlan _plan;
    private TimeSpan _began;

    protected LastingFault(FaultPlan plan)
    {
        _plan = plan;
        Next = plan.At;
    }

    /// <summary>Whether it has begun and not ended.</summary>
    public bool Active { get; private set; }

    public sealed override void Pass(IFaultTarget device)
    {
        if (!Active)
        {
            Active = true;
            _began = Next;

            // One that comes again before it ends does not end.
            Next = _plan.For is { } span && !(_plan.Every <= span) ? Later(_began, span) : Never;
            Begin(device);
        }
        else
        {
            Active = false;
            Next = _plan.Every is { } every ? Later(_began, every) : Never;
            End(device);
        }
    }

    protected abstract void Begin(IFaultTarget device);

    protected abstract void End(IFaultTarget device);
}
