using System.Buffers;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Replay;

/// <summary>A device that reports recorded readings, each after the one before was acknowledged.</summary>
internal sealed class ReplayedDevice : IDeviceBehavior, IDisposable
{
    // How far the file is read ahead of this device; a full queue holds the reader up.
    private const int Capacity = 256;

    private readonly FleetEngine _engine;
    private readonly DeviceSession _session;
    private readonly bool _timestamps;
    private readonly Action _delivered;
    private readonly string _reportedTopic;
    private readonly SemaphoreSlim _space = new(Capacity);
    private readonly Lock _gate = new();
    private readonly Queue<ReplayReading> _waiting = new();
    private OutgoingMessage? _current;
    private long _entry;
    private ulong _seq;

    public ReplayedDevice(FleetEngine engine, string id, bool timestamps, Action delivered)
    {
        _engine = engine;
        _timestamps = timestamps;
        _delivered = delivered;
        Id = id;
        _reportedTopic = NativeTopics.Reported(id);
        _session = engine.Add(this);
    }

    public string Id { get; }

    /// <summary>Plays a reading after all before it; waits while too many are waiting.</summary>
    public async ValueTask PlayAsync(ReplayReading reading, CancellationToken cancellationToken)
    {
        await _space.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(reading);
            PublishNext();
        }
    }

    public void Connected()
    {
        // What waits is in the session's hands, which sends it again by itself.
    }

    public void Received(string topic, ReadOnlySequence<byte> payload, IReadOnlyList<MqttUserProperty> properties)
    {
        if (topic == NativeTopics.Errors(Id))
        {
            Interlocked.Increment(ref _engine.Tally.Problems);
            _engine.Troubles.Report("problem", $"the platform told {Id}: {System.Text.Encoding.UTF8.GetString(payload.ToArray())}");
        }
    }

    public void Delivered(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message != _current)
            {
                return;
            }

            if (_engine.Options is { Ledger: { } ledger, QualityOfService: > 0 } && !message.Refused)
            {
                ledger.Acknowledged(_entry);
            }

            _current = null;
            PublishNext();
        }

        Done();
    }

    public void Dispose() => _space.Dispose();

    private void PublishNext()
    {
        while (_current is null && _engine.Running && _waiting.TryDequeue(out var reading))
        {
            if (reading.IsEmpty)
            {
                // A row without values says nothing.
                Done();
                continue;
            }

            var stamp = new MessageStamp(
                _engine.Options.Sequence ? _engine.Epoch : null,
                _engine.Options.Sequence ? ++_seq : null,
                _timestamps ? reading.TimeText : null);
            var protocol = _engine.Options.Protocol;
            _current = new OutgoingMessage(_reportedTopic, reading.Payload(stamp, protocol), stamp.Properties(protocol));
            if (_engine.Options.Ledger is { } ledger)
            {
                // Where the stamp is no part of the payload, that is the patch.
                var patch = protocol == MqttProtocol.V5 || stamp == MessageStamp.None
                    ? _current.Payload
                    : reading.Payload(MessageStamp.None, protocol);
                _entry = ledger.Sent(Id, patch, stamp);
            }

            Interlocked.Increment(ref _engine.Tally.Readings);
            _session.Publish(_current);
        }
    }

    private void Done()
    {
        _space.Release();
        _delivered();
    }
}
