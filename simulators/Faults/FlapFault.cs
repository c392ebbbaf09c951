using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>The connection ends again and again: up for a while, down for a while.</summary>
internal sealed class FlapFault : Fault
{
    // Nobody flaps faster, and a plan without spans must not stand still.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly FaultPlan _plan;
    private readonly TimeSpan _up;
    private TimeSpan _began;

    public FlapFault(FaultPlan plan)
    {
        _plan = plan;
        _up = plan.Up > Shortest ? plan.Up : Shortest;
        _began = plan.At;
        Next = Later(_began, _up);
        EndOfTurn();
    }

    public override void Pass(IFaultTarget device)
    {
        Next = Later(Next, _plan.Down + _up);
        EndOfTurn();
        device.Cut(FaultKind.Flap, _plan.Down);
    }

    private void EndOfTurn()
    {
        if (_plan.For is not { } span || Next < Later(_began, span))
        {
            return;
        }

        // A turn too short to go down in is the last.
        Next = Never;
        if (_plan.Every is { } every && every > TimeSpan.Zero && _up < span)
        {
            _began = Later(_began, every);
            Next = Later(_began, _up);
        }
    }
}
