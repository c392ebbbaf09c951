using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>
/// A client's life on MQTT, for one device or for all behind a gateway: connects, subscribes, keeps what was published
/// until it is acknowledged, comes back after an outage with back-off and jitter, and sends again what was not acknowledged.
/// </summary>
/// <remarks>
/// A connection has one will, and it names the first device. The platform's own gateway needs none: it knows all devices
/// that a connection spoke for, and takes them all for offline when it ends. Behind a broker only the will tells: there a
/// lost connection makes the first device offline, and the others stay online until they are heard of, or the session ends
/// in good order and says <c>offline</c> for each. A gateway's own client id would be no help: no twin listens to it.
/// </remarks>
internal sealed partial class ClientSession : IAsyncDisposable
{
    // A connection that lived shorter did not prove that the broker wants us.
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(5);

    private static readonly byte[] Online = Encoding.UTF8.GetBytes(NativeTopics.Online);
    private static readonly byte[] Offline = Encoding.UTF8.GetBytes(NativeTopics.Offline);

    private readonly FleetEngine _engine;
    private readonly DeviceSession[] _devices;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private MqttConnection? _connection;
    private Task _life = Task.CompletedTask;
    private string _clientId = string.Empty;
    private bool _everConnected;
    private bool _everFailed;
    private bool _leaving;
    private bool _saidGoodBye;

    /// <summary>Makes the session, which is none before <see cref="Start"/>.</summary>
    /// <param name="engine">The fleet it belongs to.</param>
    /// <param name="devices">Whom it speaks for: at least one, each once.</param>
    /// <param name="jitter">Where pauses get their randomness.</param>
    public ClientSession(FleetEngine engine, IReadOnlyList<IDeviceBehavior> devices, Random jitter)
    {
        _engine = engine;
        _devices = [.. devices.Select(device => new DeviceSession(this, device))];
        _byId = _devices.Length == 1 ? null : Directory(_devices);
        _backoff = new Backoff(engine.Options.ReconnectDelay, engine.Options.MaximumReconnectDelay, jitter);
    }

    /// <summary>A session for each device, in their order.</summary>
    public IReadOnlyList<DeviceSession> Devices => _devices;

    /// <summary>Whether attempts were made and none succeeded.</summary>
    public bool NeverConnected => Volatile.Read(ref _everFailed) && !Volatile.Read(ref _everConnected);

    private FleetOptions Options => _engine.Options;

    /// <summary>Starts connecting, and keeps trying until <see cref="DisposeAsync"/>.</summary>
    public void Start(string clientId)
    {
        _clientId = clientId;
        _life = LiveAsync(_stop.Token);
    }

    /// <summary>Says good-bye to applications, as the last message of each device, and ends what was made to go wrong.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _leaving = true;
            if (_connection is not null)
            {
                Announce(Offline);
                _saidGoodBye = true;
            }
        }

        EndFaults();
    }

    /// <summary>Disconnects, ends the session on the server, and stops trying.</summary>
    public async ValueTask DisposeAsync()
    {
        // First the token: a connection that is being made right now sees it as soon as it is there.
        await _stop.CancelAsync();
        MqttConnection? connection;
        lock (_gate)
        {
            _leaving = true;
            connection = _frozen ? null : _connection;
        }

        EndFaults();
        if (connection is not null)
        {
            await DisconnectAsync(connection);
        }

        await _life;
        _stop.Dispose();
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        MqttConnection? superseded = null;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _engine.Scheduler.DelayAsync(Rest(), stop);
                await _engine.Pacer.WaitAsync(stop);
                var connection = await TryConnectAsync(stop);
                superseded?.Dispose();
                superseded = null;
                if (connection is not null)
                {
                    var since = _engine.Scheduler.Now;
                    superseded = await ConverseAsync(connection);
                    if (superseded is not null)
                    {
                        continue;
                    }

                    if (_engine.Scheduler.Between(since, _engine.Scheduler.Now) >= Proven)
                    {
                        _backoff.Reset();
                    }
                }

                await _engine.Scheduler.DelayAsync(NextPause(), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        superseded?.Dispose();
    }

    private async Task<MqttConnection?> TryConnectAsync(CancellationToken stop)
    {
        try
        {
            // Only the first attempts forget an older session: from then on it is this fleet's own.
            var connection = await _engine.Connector.OpenAsync(_clientId, _devices[0].Id, fresh: !_everConnected, stop);
            Interlocked.Increment(ref _engine.Tally.Connects);
            return connection;
        }
        catch (ConnectFailedException failure)
        {
            Volatile.Write(ref _everFailed, true);
            Interlocked.Increment(ref _engine.Tally.FailedConnects);
            _engine.Troubles.Report(failure.Kind, failure.Message);
            return null;
        }
    }

    // Answers the connection that was abandoned, and is to be closed when it is superseded; else null.
    private async Task<MqttConnection?> ConverseAsync(MqttConnection connection)
    {
        var thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Begin(connection, thawed);
        if (_stop.IsCancellationRequested)
        {
            await DisconnectAsync(connection);
        }

        var listening = ListenAsync(connection);
        await Task.WhenAny(listening, thawed.Task);
        bool frozen, asked;
        lock (_gate)
        {
            frozen = _frozen;
            asked = _leaving || _dropped;
        }

        if (frozen)
        {
            // However it ends on the other side, this side does not notice.
            await thawed.Task;
        }

        lock (_gate)
        {
            _connection = null;
            _frozen = false;
        }

        Interlocked.Add(ref _engine.Tally.Connected, -_devices.Length);
        if (thawed.Task.IsCompleted)
        {
            return connection;
        }

        connection.Dispose();
        if (!asked)
        {
            TellOfLoss(await listening);
        }

        return null;
    }

    // Why the server ended the connection, if it said so.
    private async Task<MqttDisconnectReasonCode?> ListenAsync(MqttConnection connection)
    {
        try
        {
            TellConnected();
            while (await connection.ReceiveAsync() is { } packet && Hears(connection))
            {
                if (packet is MqttDisconnectPacket goodbye)
                {
                    return goodbye.ReasonCode;
                }

                if (packet is not MqttPublishPacket publish)
                {
                    Handle(connection, packet);
                }
                else if (await TakeTimeAsync(connection))
                {
                    Receive(connection, publish);
                }
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return null;
    }

    // Not expected; a session that died of it in silence would be worse.
    private void Fail(Exception exception) =>
        _engine.Troubles.Report("session-failed", $"the session of {_clientId} failed: {exception.Message}");

    private void TellOfLoss(MqttDisconnectReasonCode? reason)
    {
        Interlocked.Increment(ref _engine.Tally.LostConnections);
        _engine.Troubles.Report("lost-" + reason, reason switch
        {
            null => $"{Options.Broker} closed the connection; connecting again",
            MqttDisconnectReasonCode.SessionTakenOver =>
                $"another client uses the client id \"{_clientId}\"; does another simulator run with the same prefix?",
            _ => $"{Options.Broker} ended the connection: {reason}; connecting again",
        });
    }

    private async Task DisconnectAsync(MqttConnection connection)
    {
        try
        {
            // One second is the shortest expiry that MQTTnet writes; it leaves 0 out, which would keep the hour.
            await connection.SendAsync(new MqttDisconnectPacket
            {
                SessionExpiryInterval = Options.Protocol == MqttProtocol.V5 && Options.SessionExpiry > TimeSpan.Zero ? 1u : 0u,
            });
        }
        catch (Exception)
        {
            // Gone already: what a disconnect wants.
        }

        connection.Dispose();
    }

    private void Announce(byte[] presence)
    {
        foreach (var device in _devices)
        {
            // One that goes out now anyway says it too: a server that hangs up again and again must not make a heap of them.
            // Not where QoS 2 is half through, for what the server has it may have told before the will.
            var said = device.Announcing is { } message && ReferenceEquals(message.Payload, presence)
                && (message.PacketId == 0 || Options.QualityOfService < 2);
            if (!said)
            {
                device.Announcing = new OutgoingMessage(NativeTopics.Connection(device.Id), presence);
                PublishLocked(device, device.Announcing);
            }
        }
    }
}
