using Twins.Simulators.Faults;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

// What faults do to it. Called under the gate, at the moment of the plan in the device's own life.
internal sealed partial class SimulatedDevice
{
    // A connection that is frozen for no time is not: nothing would come of it, not even another one.
    private static readonly TimeSpan ShortestFreeze = TimeSpan.FromMilliseconds(1);

    private bool _skipping;

    void IFaultTarget.Cut(FaultKind kind, TimeSpan? away)
    {
        if (EndsConnection(kind))
        {
            Session.Restart(away is { } span
                ? Clock.Real(span)
                : _engine.Options.ReconnectDelay * (0.5 + _network.NextDouble() / 2));
        }
    }

    void IFaultTarget.Freeze(TimeSpan? span)
    {
        if (EndsConnection(FaultKind.HalfOpen))
        {
            var real = span is { } spoken ? Clock.Real(spoken) : _engine.Options.AcknowledgeTimeout;
            Session.Freeze(real > ShortestFreeze ? real : ShortestFreeze);
        }
    }

    void IFaultTarget.Slow(TimeSpan perMessage)
    {
        if (_link.Leader == this)
        {
            CountStart(FaultKind.Slow, perMessage > TimeSpan.Zero);
            Session.Slow(Clock.Real(perMessage));
        }
    }

    void IFaultTarget.Skew(double seconds)
    {
        CountStart(FaultKind.Skew, seconds != 0);
        _skew = seconds;
    }

    void IFaultTarget.Stick(string property, bool stuck)
    {
        CountStart(FaultKind.Stuck, stuck);
        _model?.Stick(property, stuck);
    }

    void IFaultTarget.Drift(string property, double unitsAnHour)
    {
        CountStart(FaultKind.Drift, unitsAnHour != 0);
        _model?.Drift(property, unitsAnHour);
    }

    // Whether this device is the one to do it, and there is a connection to do it to.
    private bool EndsConnection(FaultKind kind)
    {
        if (_skipping)
        {
            return false;
        }

        _whole |= !_kind.Plan.Report.WholeOnce;
        _excused = true;
        if (_link.Leader != this)
        {
            return false;
        }

        _cut = true;
        _link.CountCut();
        _engine.Tally.Strike(kind);
        return true;
    }

    private void CountStart(FaultKind kind, bool starts)
    {
        if (starts)
        {
            _engine.Tally.Strike(kind);
        }
    }
}
