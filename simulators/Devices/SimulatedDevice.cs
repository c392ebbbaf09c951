using System.Buffers;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Faults;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

/// <summary>
/// A made-up device: reports what its model measures, takes what is desired of it, answers commands, and is struck by
/// the faults of the plan.
/// </summary>
/// <remarks>
/// <para>
/// What follows from plan and seed alone: the moments at which it measures, what it measures, which reports it makes in
/// which order with which <c>seq</c> and <c>ts</c>, and which faults strike it where in that order. It lives through its
/// moments one by one; while it can not send, it waits, and its clock falls behind that of the fleet.
/// </para>
/// <para>
/// What does not: when a message really goes out, what is sent again after a connection was lost, <c>epoch</c>, and all
/// that others cause: what it takes of desired and answers to commands, and after a connection that was lost unplanned
/// which report is whole, and which are skipped because it was away for longer than it has memory.
/// </para>
/// </remarks>
internal sealed partial class SimulatedDevice : IDeviceBehavior, IScheduled, IFaultTarget
{
    private readonly FleetEngine _engine;
    private readonly SimulatedKind _kind;
    private readonly SharedLink _link;
    private readonly DeviceFaults? _faults;
    private readonly int _index;
    private readonly string _reportedTopic;

    // Guards everything below and the model: moments come from the scheduler, messages from the connection.
    private readonly Lock _gate = new();
    private DeviceSession? _session;
    private IDeviceModel? _model;
    private RandomStream _network;
    private TimeSpan _bootedAt;
    private int _cutsSeen;

    /// <summary>Makes a device; it lives from its first connection on, and needs a <see cref="Session"/> for that.</summary>
    /// <param name="engine">The fleet.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="id">Its twin id.</param>
    /// <param name="index">Its place in the fleet.</param>
    /// <param name="link">Its connection.</param>
    /// <param name="faults">What strikes it.</param>
    public SimulatedDevice(FleetEngine engine, SimulatedKind kind, string id, int index, SharedLink link, DeviceFaults? faults)
    {
        _engine = engine;
        _kind = kind;
        _index = index;
        _link = link;
        _link.Leader ??= this;
        _faults = faults;
        Id = id;
        var seed = engine.Options.Seed;
        _network = Seeds.Stream(seed, index, Seeds.Network);
        _schedule = Seeds.Stream(seed, index, Seeds.Schedule);
        _chance = Seeds.Stream(seed, index, Seeds.Commands);
        _interval = kind.Plan.Report.Interval;
        _sequence = engine.Options.Sequence || kind.Plan.Sequence;
        _epoch = engine.Epoch;
        _reportedTopic = NativeTopics.Reported(Id);
    }

    public string Id { get; }

    /// <summary>Its way to the broker; given once, before the start.</summary>
    public DeviceSession Session
    {
        get => _session ?? throw new InvalidOperationException($"device {Id} has no session");
        set => _session = value;
    }

    private FleetClock Clock => _engine.Clock;

    private TimeSpan Uptime => Clock.Elapsed - _bootedAt;

    public void Connected()
    {
        lock (_gate)
        {
            _cut = false;
            if (_model is null)
            {
                _model = _kind.Create(_index + 1, Seeds.Random(_engine.Options.Seed, _index, Seeds.Values), Clock.Start);
            }
            else if (_link.Cuts == _cutsSeen)
            {
                // Nobody planned this. What it would have said meanwhile it still says, as far as it could keep it.
                _whole |= !_kind.Plan.Report.WholeOnce;
                SkipBeyond(_engine.Options.Backlog);
            }

            _cutsSeen = _link.Cuts;
            Proceed();
        }
    }

    public void Received(string topic, ReadOnlySequence<byte> payload, IReadOnlyList<MqttUserProperty> properties)
    {
        lock (_gate)
        {
            if (_model is null)
            {
                return;
            }

            if (topic == NativeTopics.Desired(Id))
            {
                Take(payload);
            }
            else if (topic == NativeTopics.Errors(Id))
            {
                NoteProblem(payload);
            }
            else if (NativeTopics.TryParseCommand(topic, out var id, out var name, out var commandId) && id == Id)
            {
                Answer(name, commandId, payload, CommandExpiry.Of(payload, properties));
            }
        }
    }

    public void Delivered(OutgoingMessage message)
    {
        if (message is Report report && _engine.Options.QualityOfService > 0)
        {
            report.NoteAcknowledged(_engine.Options.Ledger);
        }

        lock (_gate)
        {
            _refusalsUnderway -= message is Report { MeantToBeRefused: true } ? 1 : 0;
            if (message == _lastWords)
            {
                Reboot();
            }

            if (_waiting)
            {
                Proceed();
            }
        }
    }

    public void Due()
    {
        lock (_gate)
        {
            // An entry from before something else became due earlier.
            if (Clock.Elapsed < _scheduledFor)
            {
                return;
            }

            _scheduledFor = TimeSpan.MaxValue;
            if (!_engine.Running)
            {
                return;
            }

            DoDelayed();
            Proceed();
        }
    }

    private void Reboot()
    {
        _lastWords = null;
        _bootedAt = Clock.Elapsed;
        _epoch++;
        _seq = 0;
        _cut = true;
        Session.Restart(Clock.Real(TimeSpan.FromSeconds(1 + 2 * _network.NextDouble())));
    }

    private void NoteProblem(ReadOnlySequence<byte> payload)
    {
        // Nothing was refused: late, repeated and wrongly timed reports are what a fleet file asks for.
        var problem = payload.ToArray().AsSpan();
        if (problem.IndexOf("\"code\":\"stale\""u8) >= 0 || problem.IndexOf("\"code\":\"clock-ahead\""u8) >= 0)
        {
            return;
        }

        Interlocked.Increment(ref _engine.Tally.Problems);

        // One that is sent again, because its acknowledgement was lost, may be told twice.
        if (_refusalsAwaited > 0 || _refusalsUnderway > 0)
        {
            _refusalsAwaited = Math.Max(0, _refusalsAwaited - 1);
            Interlocked.Increment(ref _engine.Tally.ProblemsExpected);
            return;
        }

        _engine.Troubles.Report("problem", $"the platform told {Id}: {System.Text.Encoding.UTF8.GetString(payload.ToArray())}");
    }
}
