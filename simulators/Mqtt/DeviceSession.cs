using System.Diagnostics;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>
/// A device's life on MQTT: connects, subscribes, keeps what it published until it is acknowledged, comes back after an
/// outage with back-off and jitter, and sends again what was not acknowledged.
/// </summary>
internal sealed partial class DeviceSession : IAsyncDisposable
{
    // A connection that lived shorter did not prove that the broker wants us.
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(5);

    private static readonly byte[] Online = Encoding.UTF8.GetBytes(NativeTopics.Online);
    private static readonly byte[] Offline = Encoding.UTF8.GetBytes(NativeTopics.Offline);

    private readonly FleetEngine _engine;
    private readonly IDeviceBehavior _device;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private MqttConnection? _connection;
    private Task _life = Task.CompletedTask;
    private TimeSpan? _pause;
    private bool _everConnected;
    private bool _everFailed;
    private bool _leaving;
    private TimeSpan _perMessage;
    private MqttConnection? _frozen;

    public DeviceSession(FleetEngine engine, IDeviceBehavior device, Random jitter)
    {
        _engine = engine;
        _device = device;
        _backoff = new Backoff(engine.Options.ReconnectDelay, engine.Options.MaximumReconnectDelay, jitter);
    }

    private FleetOptions Options => _engine.Options;

    private string Id => _device.Id;

    /// <summary>Whether attempts were made and none succeeded.</summary>
    public bool NeverConnected => Volatile.Read(ref _everFailed) && !Volatile.Read(ref _everConnected);

    /// <summary>Starts connecting, and keeps trying until <see cref="DisposeAsync"/>.</summary>
    public void Start() => _life = LiveAsync(_stop.Token);

    /// <summary>Says good-bye to applications, as the last message of this device.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _leaving = true;
            if (_connection is not null)
            {
                PublishLocked(new OutgoingMessage(NativeTopics.Connection(Id), Offline));
            }
        }
    }

    /// <summary>Drops the connection without a word, and connects again after the pause: what a reboot looks like from outside.</summary>
    public void Restart(TimeSpan pause)
    {
        lock (_gate)
        {
            _pause = pause;
            _connection?.Dispose();
        }
    }

    /// <summary>From now on each message takes so long to be read; zero: no time, as usual.</summary>
    public void Slow(TimeSpan perMessage)
    {
        lock (_gate)
        {
            _perMessage = perMessage;
        }
    }

    /// <summary>
    /// For so long nothing is read, written, acknowledged or closed; then the connection is abandoned and a new one made.
    /// </summary>
    public void Freeze(TimeSpan span)
    {
        lock (_gate)
        {
            if (_connection is not null)
            {
                (_frozen, _connection) = (_connection, null);
                _pause = TimeSpan.Zero;
                _ = ThawAsync(_frozen, span);
            }
        }
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
            connection = _connection;
            _frozen?.Dispose();
        }

        if (connection is not null)
        {
            await DisconnectAsync(connection);
        }

        await _life;
        _stop.Dispose();
    }

    /// <summary>Pings a quiet connection and ends a dead one; called every second.</summary>
    public void CheckHealth()
    {
        lock (_gate)
        {
            if (_connection is not { } connection)
            {
                return;
            }

            var now = Stopwatch.GetTimestamp();
            var oldest = _inFlight.Count == 0 ? now : _inFlight.Values.Min(message => message.LastSent);
            if (Stopwatch.GetElapsedTime(oldest, now) > Options.AcknowledgeTimeout)
            {
                _engine.Troubles.Report("unacknowledged", $"{Options.Broker} did not acknowledge a message within {Options.AcknowledgeTimeout.TotalSeconds:0.#} s; connecting anew");
                connection.Dispose();
                return;
            }

            if (_keepAlive == TimeSpan.Zero)
            {
                return;
            }

            if (_pinged != 0)
            {
                if (Stopwatch.GetElapsedTime(_pinged, now) > _keepAlive / 2)
                {
                    _engine.Troubles.Report("ping-unanswered", $"{Options.Broker} does not answer pings; connecting anew");
                    connection.Dispose();
                }
            }
            else if (Stopwatch.GetElapsedTime(_lastSent, now) > _keepAlive * 0.8)
            {
                _pinged = _lastSent = now;
                Observe(connection.SendAsync(MqttPingReqPacket.Instance), connection);
            }
        }
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _engine.Pacer.WaitAsync(stop);
                if (await TryConnectAsync(stop) is { } connection)
                {
                    var since = Options.Time.GetTimestamp();
                    await ConverseAsync(connection);
                    if (Options.Time.GetElapsedTime(since) >= Proven)
                    {
                        _backoff.Reset();
                    }
                }

                TimeSpan? pause;
                lock (_gate)
                {
                    (pause, _pause) = (_pause, null);
                }

                await _engine.Scheduler.DelayAsync(pause ?? _backoff.Next(), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task<MqttConnection?> TryConnectAsync(CancellationToken stop)
    {
        try
        {
            var connection = await MqttConnection.OpenAsync(Options, Id, fresh: !_everConnected, stop);
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

    private async Task ConverseAsync(MqttConnection connection)
    {
        Begin(connection);
        if (_stop.IsCancellationRequested)
        {
            await DisconnectAsync(connection);
        }

        string? reason = null;
        try
        {
            _device.Connected();
            while (await connection.ReceiveAsync() is { } packet)
            {
                if (packet is MqttDisconnectPacket goodbye)
                {
                    reason = goodbye.ReasonCode.ToString();
                    break;
                }

                TimeSpan pause;
                bool frozen;
                lock (_gate)
                {
                    (pause, frozen) = (_perMessage, _frozen == connection);
                }

                if (frozen)
                {
                    continue;
                }

                await _engine.Scheduler.DelayAsync(pause, _stop.Token);
                Handle(connection, packet);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        catch (Exception exception)
        {
            _engine.Troubles.Report("device-failed", $"device {Id} failed: {exception.Message}");
        }

        bool asked;
        lock (_gate)
        {
            _connection = null;
            _frozen = null;
            asked = _leaving || _pause is not null;
        }

        connection.Dispose();
        Interlocked.Decrement(ref _engine.Tally.Connected);
        if (!asked)
        {
            Interlocked.Increment(ref _engine.Tally.LostConnections);
            _engine.Troubles.Report("lost-" + reason, reason switch
            {
                null => $"{Options.Broker} closed the connection; connecting again",
                nameof(MqttDisconnectReasonCode.SessionTakenOver) =>
                    $"another client uses the client id \"{Id}\"; does another simulator run with the same prefix?",
                _ => $"{Options.Broker} ended the connection: {reason}; connecting again",
            });
        }
    }

    private async Task ThawAsync(MqttConnection connection, TimeSpan span)
    {
        try
        {
            await _engine.Scheduler.DelayAsync(span, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The fleet stops; the connection ends with it.
        }

        connection.Dispose();
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
}
