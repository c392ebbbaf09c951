using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

// What was asked of it and takes it time.
internal sealed partial class SimulatedDevice
{
    private List<(TimeSpan Due, OutgoingMessage Answer)>? _answersLater;

    private void DoDelayed()
    {
        var now = Clock.Elapsed;
        if (_answersLater is not null)
        {
            foreach (var (_, answer) in _answersLater.FindAll(later => later.Due <= now))
            {
                Send(answer);
            }

            _answersLater.RemoveAll(later => later.Due <= now);
            _answersLater.ForEach(later => ScheduleAt(later.Due));
        }

        if (_desiredLater is not null)
        {
            var due = _desiredLater.FindAll(change => change.Due <= now);
            _desiredLater.RemoveAll(change => change.Due <= now);
            _desiredLater.ForEach(change => ScheduleAt(change.Due));
            CarryOut(due);
        }
    }

    private void Send(OutgoingMessage answer)
    {
        Interlocked.Increment(ref _engine.Tally.CommandsAnswered);
        Session.Publish(answer);
    }
}
