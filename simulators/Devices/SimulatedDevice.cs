using System.Buffers;
using System.Text.Json;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

/// <summary>
/// A made-up device: reports what its model measures, takes what is desired of it, and answers commands.
/// </summary>
internal sealed partial class SimulatedDevice : IDeviceBehavior, IScheduled
{
    private const string Firmware = "1.4.2";

    private readonly FleetEngine _engine;
    private readonly DeviceKind _kind;
    private readonly DeviceModel _model;
    private readonly DeviceSession _session;
    private readonly NumberSetting _interval;
    private readonly Random _jitter;
    private readonly int _serial;
    private readonly string _reportedTopic;
    private readonly string _desiredTopic;
    private readonly string _errorsTopic;

    // Guards everything below and the model: ticks come from the scheduler, messages from the connection.
    private readonly Lock _gate = new();
    private long _nextDue;
    private long _bootedAt;
    private ulong _epoch;
    private ulong _seq;
    private bool _started;
    private bool _off;

    public SimulatedDevice(FleetEngine engine, DeviceKind kind, int number, int index)
    {
        _engine = engine;
        _kind = kind;
        _serial = index + 1;
        Id = $"{engine.Options.Prefix}:{kind.Name}-{number}";
        _model = kind.Create(Seeds.Random(engine.Options.Seed, index, Seeds.Values));
        _jitter = Seeds.Random(engine.Options.Seed, index, Seeds.Network);
        _interval = new NumberSetting("interval", engine.Options.Rate.Interval.TotalSeconds, 0.01, 86_400);
        _epoch = engine.Epoch;
        _bootedAt = engine.Scheduler.Now;
        _reportedTopic = NativeTopics.Reported(Id);
        _desiredTopic = NativeTopics.Desired(Id);
        _errorsTopic = NativeTopics.Errors(Id);
        _session = engine.Add(this);
    }

    public string Id { get; }

    private TimeSpan Uptime => _engine.Scheduler.Between(_bootedAt, _engine.Scheduler.Now);

    public void Connected()
    {
        lock (_gate)
        {
            _off = false;

            // The whole state once per connection; from then on what it measures.
            _session.Publish(Report(whole: true));
            if (!_started)
            {
                _started = true;

                // Devices are not switched on in step.
                _nextDue = _engine.Scheduler.Now + (long)(IntervalTicks * _jitter.NextDouble());
                _engine.Scheduler.At(_nextDue, this);
            }
        }
    }

    public void Due()
    {
        lock (_gate)
        {
            // An entry from before the interval changed is not due any more.
            var now = _engine.Scheduler.Now;
            if (!_engine.Running || now < _nextDue)
            {
                return;
            }

            if (!_off)
            {
                Measure();
            }

            ScheduleNext(now);
        }
    }

    public void Received(string topic, ReadOnlySequence<byte> payload)
    {
        lock (_gate)
        {
            if (topic == _desiredTopic)
            {
                Take(payload);
            }
            else if (topic == _errorsTopic)
            {
                Interlocked.Increment(ref _engine.Tally.Problems);
                _engine.Troubles.Report("problem", $"the platform told {Id}: {System.Text.Encoding.UTF8.GetString(payload.ToArray())}");
            }
            else if (NativeTopics.TryParseCommand(topic, out var id, out var name, out var commandId) && id == Id)
            {
                Answer(name, commandId, payload);
            }
        }
    }

    public void Delivered(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message != _lastWords)
            {
                return;
            }

            _lastWords = null;
            _bootedAt = _engine.Scheduler.Now;
            _epoch++;
            _seq = 0;
            _off = true;
            _session.Restart(TimeSpan.FromSeconds(1 + 2 * _jitter.NextDouble()));
        }
    }

    private void Measure()
    {
        _model.Step(_interval.Value);

        // Asked first, so that what cannot be sent costs neither the writing nor a sequence number.
        if (_session.CanPublish && _session.TryPublish(Report(whole: false)))
        {
            Interlocked.Increment(ref _engine.Tally.Readings);
        }
        else
        {
            Interlocked.Increment(ref _engine.Tally.Skipped);
        }
    }

    private long IntervalTicks => _engine.Scheduler.Ticks(TimeSpan.FromSeconds(_interval.Value));

    private void ScheduleNext(long now)
    {
        var interval = Math.Max(1, IntervalTicks);
        _nextDue += interval;
        if (now - _nextDue > _engine.Scheduler.Ticks(TimeSpan.FromSeconds(1)) + interval)
        {
            // This machine cannot keep up, or slept: readings that should have been are skipped, not sent in a burst.
            var missed = (now - _nextDue) / interval;
            Interlocked.Add(ref _engine.Tally.Skipped, missed);
            _engine.Troubles.Report("behind", "this machine cannot keep up with the rate; run fewer devices or a lower rate");
            _nextDue += missed * interval;
        }

        _engine.Scheduler.At(_nextDue, this);
    }

    private OutgoingMessage Report(bool whole)
    {
        var stamp = Stamp();
        var payload = JsonText.Object((Device: this, stamp, whole), static (writer, report) =>
        {
            var device = report.Device;
            report.stamp.WriteMembers(writer, device._engine.Options.Protocol);
            if (report.whole)
            {
                device.WriteIdentity(writer);
                device._interval.Write(writer);
                foreach (var setting in device._model.Settings)
                {
                    setting.Write(writer);
                }
            }

            device._model.WriteValues(writer);
        });
        return new OutgoingMessage(_reportedTopic, payload, stamp.Properties(_engine.Options.Protocol));
    }

    private MessageStamp Stamp() =>
        _engine.Options.Sequence ? new MessageStamp(_epoch, ++_seq, null) : MessageStamp.None;

    private void WriteIdentity(Utf8JsonWriter writer)
    {
        writer.WriteString("kind", _kind.Name);
        writer.WriteString("firmware", Firmware);
        writer.WriteString("serial", $"SN-{_serial:D6}");
    }
}
