namespace Twins.Simulators.Mqtt;

/// <summary>What devices want to say, until it is on the wire.</summary>
internal sealed partial class ClientSession
{
    // A gateway has more memory than its devices, but not for thousands of messages.
    private const int WindowLimit = 1024;

    /// <summary>Sent on a connection that is gone, or put back by it: goes out before anything else, in the order first sent.</summary>
    private Queue<OutgoingMessage> _again = new();

    /// <summary>Devices that have something to send, each once: they take turns.</summary>
    private readonly Queue<DeviceSession> _turns = new();

    private int _window;
    private int _sendingAtMostOnce;

    /// <summary>Where these are under way. Another connection begins when all are back: those that failed come before later ones.</summary>
    private MqttConnection? _sendingOn;

    /// <summary>Messages of all devices that still want an acknowledgement, or to be sent.</summary>
    public long Outstanding
    {
        get
        {
            lock (_gate)
            {
                var sum = 0L;
                foreach (var device in _devices)
                {
                    sum += device.Underway + device.Unsent.Count;
                }

                return sum;
            }
        }
    }

    public int OutstandingOf(DeviceSession device)
    {
        lock (_gate)
        {
            return device.Underway + device.Unsent.Count;
        }
    }

    public bool CanPublish(DeviceSession device)
    {
        lock (_gate)
        {
            return CanPublishLocked(device);
        }
    }

    public bool TryPublish(DeviceSession device, OutgoingMessage message)
    {
        lock (_gate)
        {
            if (!CanPublishLocked(device))
            {
                return false;
            }

            PublishLocked(device, message);
            return true;
        }
    }

    public void Publish(DeviceSession device, OutgoingMessage message)
    {
        lock (_gate)
        {
            PublishLocked(device, message);
        }
    }

    // Frozen or not: a device does not know that its socket is half-open.
    private bool CanPublishLocked(DeviceSession device) =>
        _connection is not null && !_leaving && device.Underway + device.Unsent.Count < DeviceSession.Window;

    private void PublishLocked(DeviceSession device, OutgoingMessage message)
    {
        if (device.Unsent.Count >= DeviceSession.UnsentLimit)
        {
            _engine.Troubles.Report("answers-dropped", $"device {device.Id} has {DeviceSession.UnsentLimit} messages waiting to be sent; further ones are dropped");
            return;
        }

        Interlocked.Increment(ref _engine.Tally.Published);
        message.Sender = device;
        device.Unsent.Enqueue(message);
        if (device.Unsent.Count == 1)
        {
            _turns.Enqueue(device);
        }

        Pump();
    }

    private void Pump()
    {
        while (_connection is { } connection && !_frozen && (_sendingAtMostOnce == 0 || ReferenceEquals(_sendingOn, connection)))
        {
            if (_again.TryPeek(out var message))
            {
                if (!HasRoomFor(message))
                {
                    return;
                }

                _again.Dequeue();
            }
            else if (_turns.TryPeek(out var device))
            {
                message = device.Unsent.Peek();
                if (!HasRoomFor(message))
                {
                    return;
                }

                device.Unsent.Dequeue();
                device.Underway++;
                _turns.Dequeue();
                if (device.Unsent.Count > 0)
                {
                    _turns.Enqueue(device);
                }
            }
            else
            {
                return;
            }

            Send(connection, message);
        }
    }

    // Both copies of a message that is sent twice count: the server may acknowledge each.
    private bool HasRoomFor(OutgoingMessage message) =>
        _inFlight.Count + _duplicates.Count + _sendingAtMostOnce + (Twice(message) ? 2 : 1) <= _window;

    private bool Twice(OutgoingMessage message) =>
        message.SendTwice && message.Order == 0 && Options.QualityOfService > 0 && _window > 1;

    private void Begin(MqttConnection connection, TaskCompletionSource thawed)
    {
        Interlocked.Add(ref _engine.Tally.Connected, _devices.Length);
        if (!_everConnected)
        {
            Volatile.Write(ref _everConnected, true);
            Interlocked.Add(ref _engine.Tally.EverConnected, _devices.Length);
        }

        var answer = connection.Answer;
        lock (_gate)
        {
            _connection = connection;
            _thawed = thawed;
            _dropped = false;
            BeginHealth(answer);
            _window = Math.Min(Math.Min(DeviceSession.Window * _devices.Length, WindowLimit), answer.ReceiveMaximum > 0 ? answer.ReceiveMaximum : int.MaxValue);
            BeginSubscribing(connection, answer.IsSessionPresent);
            TakeBackUnacknowledged(answer.IsSessionPresent);
            Pump();
            if (!_leaving)
            {
                Announce(Online);
            }
            else if (!_saidGoodBye)
            {
                Announce(Offline);
                _saidGoodBye = true;
            }
        }
    }

    // https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html#_Toc3901238 (4.4): a resumed session sends the
    // unacknowledged again, in order and under the same identifiers; a new session knows nothing of them.
    private void TakeBackUnacknowledged(bool resumed)
    {
        _duplicates.Clear();
        if (_inFlight.Count > 0)
        {
            // What waited to be sent again was sent before by an even older connection.
            _again = new Queue<OutgoingMessage>(_inFlight.Values.Concat(_again).OrderBy(message => message.Order));
            _inFlight.Clear();
        }

        if (resumed)
        {
            return;
        }

        foreach (var message in _again)
        {
            // Even where QoS 2 was half through: a server may hand a message on only when it is released
            // (4.3.3, figure 4-3, method A), and has forgotten it with the session.
            message.PacketId = 0;
            message.Received = false;
        }
    }
}
