using Twins.Simulators.Fleet;

namespace Twins.Simulators.Devices;

// The row of moments a device lives through, in spans since the fleet's start.
internal sealed partial class SimulatedDevice
{
    // Late by less is a busy moment of this machine's.
    private static readonly TimeSpan Unpunctual = TimeSpan.FromSeconds(1);

    private readonly bool _sequence;
    private RandomStream _schedule;
    private TimeSpan _interval;
    private TimeSpan _moment;
    private TimeSpan _next;
    private TimeSpan _scheduledFor = TimeSpan.MaxValue;
    private bool _phased;

    // Wants to send and can not: an acknowledgement or a connection wakes it.
    private bool _waiting;

    // The connection was ended by this device, which may not have been noticed yet.
    private bool _cut;

    // Behind for a good reason: not yet connected, or cut off by the plan.
    private bool _excused = true;
    private bool _late;
    private bool _finished;

    // What its own clock shows: that of the fleet, unless it is behind.
    private TimeSpan Own
    {
        get
        {
            var now = Clock.Elapsed;
            var next = NextMoment;
            now = now < next ? now : next;
            return now > _moment ? now : _moment;
        }
    }

    private TimeSpan NextMoment => _faults is not null && _faults.Next <= _next ? _faults.Next : _next;

    /// <summary>Skips what is left until the end of the plan. Returns whether there was anything.</summary>
    public bool GiveUp()
    {
        lock (_gate)
        {
            if (_finished)
            {
                return false;
            }

            SkipBefore(Clock.End);
            Interlocked.Add(ref _engine.Tally.Skipped, ReportsKept);
            _finished = true;
            return true;
        }
    }

    // Lives through what is due, as far as it can be sent, and sees to being called again.
    private void Proceed()
    {
        _waiting = false;
        if (_model is null || _finished || !_engine.Running)
        {
            return;
        }

        while (SendWaiting())
        {
            var next = NextMoment;
            if (next >= Clock.End)
            {
                if (Clock.Elapsed < Clock.End)
                {
                    ScheduleAt(Clock.End);
                }
                else if (!ReleaseKept())
                {
                    _finished = true;
                    Interlocked.Increment(ref _engine.Tally.Finished);
                }
                else
                {
                    continue;
                }

                return;
            }

            var behind = Clock.Elapsed - next;
            if (behind < TimeSpan.Zero)
            {
                // Away for longer than until its next moment, it has caught up only when it is back.
                if (!_cut && Session.CanPublish)
                {
                    _excused = _late = false;
                }

                ScheduleAt(next);
                return;
            }

            if (_cut || !Session.CanPublish)
            {
                _waiting = true;
                return;
            }

            _moment = next;
            if (_faults?.Next == next)
            {
                _faults.Pass(this);
            }
            else
            {
                NoteLateness(behind);
                Measure();
            }
        }

        _waiting = true;
    }

    private void Measure()
    {
        MoveOn();
        _model!.Advance(Clock.Start + _moment);
        if (ScopeNow() is { } scope)
        {
            _whole = false;
            _lastReported = _moment;
            Make(scope);
        }
    }

    private void MoveOn()
    {
        if (!_phased)
        {
            // The first report says that the device is there. After that, devices do not measure in step.
            _phased = true;
            _next = _moment + _interval * _schedule.NextDouble();
            return;
        }

        var jitter = _kind.Plan.Report.Jitter;
        var interval = jitter > 0 ? _interval * (1 + jitter * (2 * _schedule.NextDouble() - 1)) : _interval;

        // Time must pass, also where the jitter is as long as the interval.
        _next = _moment + (interval.Ticks > TimeSpan.TicksPerMillisecond ? interval : TimeSpan.FromMilliseconds(1));
    }

    private void SkipBeyond(int most)
    {
        var before = Clock.Elapsed - _interval * most;
        if (SkipBefore(before < Clock.End ? before : Clock.End) > 0)
        {
            _engine.Troubles.Report("skipped", $"device {Id} was cut off for longer than it can keep its {most} last reports; older ones are skipped");
        }
    }

    // The model lives through it nevertheless, so that later values are what they would have been.
    private long SkipBefore(TimeSpan moment)
    {
        var skipped = 0L;
        while (NextMoment < moment)
        {
            _moment = NextMoment;
            if (_faults?.Next == _moment)
            {
                _skipping = true;
                _faults.Pass(this);
                _skipping = false;
                continue;
            }

            MoveOn();
            _model?.Advance(Clock.Start + _moment);
            skipped++;
        }

        Interlocked.Add(ref _engine.Tally.Skipped, skipped);
        return skipped;
    }

    private void NoteLateness(TimeSpan behind)
    {
        if (_excused || Clock.Real(behind) < Unpunctual)
        {
            return;
        }

        Interlocked.Increment(ref _engine.Tally.Late);
        if (!_late)
        {
            _late = true;
            _engine.Troubles.Report(
                "behind",
                $"reports go out later than they are due, because this machine or {_engine.Options.Broker} can not keep up; run fewer devices, longer intervals or a lower speed");
        }
    }

    private void ScheduleAt(TimeSpan moment)
    {
        if (moment < _scheduledFor)
        {
            _scheduledFor = moment;
            Clock.At(moment, this);
        }
    }
}
