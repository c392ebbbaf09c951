using System.Buffers;
using System.Text.Json;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

internal sealed partial class SimulatedDevice
{
    // Takes what it can and reports that back, so that the delta shrinks to what it cannot.
    private void Take(ReadOnlySequence<byte> payload)
    {
        // An empty message clears a retained one; it wants nothing.
        if (payload.IsEmpty)
        {
            return;
        }

        if (!TryParse(payload, out var document))
        {
            _engine.Troubles.Report("desired-not-json", $"what is desired of {Id} is not JSON");
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                _engine.Troubles.Report("desired-not-object", $"what is desired of {Id} is not a JSON object");
                return;
            }

            var interval = _interval.Value;
            var taken = document.RootElement.EnumerateObject().Where(TryTake).ToList();
            if (taken.Count == 0)
            {
                return;
            }

            if (_interval.Value != interval && _started)
            {
                _nextDue = _engine.Scheduler.Now + IntervalTicks;
                _engine.Scheduler.At(_nextDue, this);
            }

            Interlocked.Increment(ref _engine.Tally.DesiredTaken);
            _session.Publish(ReportBack(taken));
        }
    }

    private bool TryTake(JsonProperty desired)
    {
        // Members such as $revision are the platform's.
        if (desired.Name.StartsWith('$'))
        {
            return false;
        }

        var setting = desired.NameEquals(_interval.Name)
            ? _interval
            : _model.Settings.FirstOrDefault(setting => desired.NameEquals(setting.Name));

        // What a device knows no setting for it only remembers, as firmware does with configuration it passes on.
        if (setting is null || setting.TryTake(desired.Value))
        {
            return true;
        }

        Interlocked.Increment(ref _engine.Tally.DesiredRefused);
        return false;
    }

    private OutgoingMessage ReportBack(List<JsonProperty> taken)
    {
        var stamp = Stamp();
        var payload = JsonText.Object((Device: this, stamp, taken), static (writer, report) =>
        {
            report.stamp.WriteMembers(writer, report.Device._engine.Options.Protocol);
            foreach (var property in report.taken)
            {
                property.WriteTo(writer);
            }
        });
        return new OutgoingMessage(_reportedTopic, payload, stamp.Properties(_engine.Options.Protocol));
    }
}
