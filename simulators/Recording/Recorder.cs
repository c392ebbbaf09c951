using System.Buffers;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Recording;

/// <summary>
/// Records what devices report, as it happens: subscribes at QoS 1, with a session that the broker keeps while this runs
/// (MQTT 5), and connects again when the connection is lost.
/// </summary>
internal sealed class Recorder : IAsyncDisposable
{
    private const string EventsFilter = "twins/+/events/+";
    private const string DevicesFilter = "twins/+/reported/#";
    private const uint SessionSeconds = 3600;

    private readonly RecordOptions _options;
    private readonly Action<string> _onTrouble;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly IMqttClientChannelOptions _channel;
    private readonly RecordingFile _file;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _full = new();
    private readonly string _clientId = $"twins-record-{Guid.NewGuid():N}";
    private TaskCompletionSource _lost = NewSignal();
    private RecordSource _source;
    private RecordException? _failure;
    private long _skipped;
    private long _lostConnections;

    /// <summary>Makes the file; nothing connects before <see cref="RunAsync"/>.</summary>
    /// <param name="options">What to record.</param>
    /// <param name="onTrouble">Told each kind of trouble once, in a sentence.</param>
    /// <exception cref="RecordException">The file can not be made.</exception>
    /// <exception cref="FleetOptionsException">A certificate can not be read or used.</exception>
    public Recorder(RecordOptions options, Action<string> onTrouble)
    {
        (_options, _source, _onTrouble) = (options, options.Source, onTrouble);
        _channel = MqttConnector.Of(options.Connection).Channel;
        _file = RecordingFile.Create(options.File);
        _client.ApplicationMessageReceivedAsync += message =>
        {
            Receive(message.ApplicationMessage);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            Volatile.Read(ref _lost).TrySetResult();
            return Task.CompletedTask;
        };
    }

    private FleetOptions Connection => _options.Connection;

    /// <summary>What was recorded so far.</summary>
    public RecordSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new RecordSnapshot(_file.Messages, _file.Devices, _file.Columns, _skipped, _file.First, _file.Last, _lostConnections);
        }
    }

    /// <summary>Records until cancelled, which is a normal end, for the duration, or until there are as many messages as wanted.</summary>
    /// <exception cref="RecordException">The file can not be written, or the broker lets nobody listen.</exception>
    public async Task<RecordSnapshot> RunAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(_options.Duration ?? Timeout.InfiniteTimeSpan, Connection.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token, _full.Token);
        try
        {
            await ListenAsync(ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end that was asked for.
        }

        await LeaveAsync();
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                throw failure;
            }

            _file.Finish();
        }

        return Snapshot();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _file.Dispose();
        _full.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ListenAsync(CancellationToken ended)
    {
        var backoff = new Backoff(Connection.ReconnectDelay, Connection.MaximumReconnectDelay, new Random(0));
        var troubles = new TroubleLog(_onTrouble);
        for (var first = true; ; first = false)
        {
            try
            {
                _lost = NewSignal();
                await ConnectAsync(first, ended);
                await SubscribeAsync(ended);
                backoff.Reset();
                await _lost.Task.WaitAsync(ended);
                Interlocked.Increment(ref _lostConnections);
                troubles.Report("lost", $"{Connection.Broker} closed the connection; connecting again");
            }
            catch (Exception exception) when (exception is not RecordException && !ended.IsCancellationRequested)
            {
                var failure = exception as ConnectFailedException ?? ConnectFailures.From(exception, Connection, timedOut: exception is MqttCommunicationTimedOutException);
                troubles.Report(failure.Kind, failure.Message);
            }

            await Task.Delay(backoff.Next(), Connection.Time, ended);
        }
    }

    private async Task ConnectAsync(bool first, CancellationToken ended)
    {
        var isFive = Connection.Protocol == MqttProtocol.V5;
        var answer = await _client.ConnectAsync(
            new MqttClientOptions
            {
                ClientId = _clientId,
                ProtocolVersion = isFive ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,

                // With 3.1.1 a session would stay on the broker for ever.
                CleanSession = first || !isFive,
                SessionExpiryInterval = isFive ? SessionSeconds : 0,
                KeepAlivePeriod = Connection.KeepAlive,
                Timeout = Connection.ConnectTimeout,
                Credentials = Connection.Username is null
                    ? null
                    : new MqttClientCredentials(Connection.Username, Connection.Password is null ? null : System.Text.Encoding.UTF8.GetBytes(Connection.Password)),
                ChannelOptions = _channel,
            },
            ended);
        if (answer.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw ConnectFailures.From(
                new MqttConnAckPacket
                {
                    ReasonCode = (MqttConnectReasonCode)answer.ResultCode,
                    ReturnCode = answer.ResultCode switch
                    {
                        MqttClientConnectResultCode.BadUserNameOrPassword => MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword,
                        MqttClientConnectResultCode.NotAuthorized => MqttConnectReturnCode.ConnectionRefusedNotAuthorized,
                        MqttClientConnectResultCode.UnsupportedProtocolVersion => MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion,
                        _ => MqttConnectReturnCode.ConnectionRefusedServerUnavailable,
                    },
                    ReasonString = answer.ReasonString,
                },
                Connection)!;
        }
    }

    private async Task SubscribeAsync(CancellationToken ended)
    {
        var wanted = new MqttClientSubscribeOptions();
        if (_options.Source != RecordSource.Events)
        {
            wanted.TopicFilters.Add(new MqttTopicFilter { Topic = _options.Topic ?? DevicesFilter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        }

        if (_options.Source != RecordSource.Devices && _options.Topic is null)
        {
            wanted.TopicFilters.Add(new MqttTopicFilter { Topic = EventsFilter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        }

        var answer = await _client.SubscribeAsync(wanted, ended);
        if (answer.Items.All(static item => item.ResultCode >= MqttClientSubscribeResultCode.UnspecifiedError))
        {
            var refused = answer.Items.First();
            throw new RecordException($"{Connection.Broker} does not let this client subscribe to {refused.TopicFilter.Topic} ({refused.ResultCode}); give the credentials of an application");
        }
    }

    private void Receive(MqttApplicationMessage received)
    {
        // A device's message is a single segment as a rule.
        var payload = received.Payload.IsSingleSegment ? received.Payload.First : received.Payload.ToArray();
        var now = Connection.Time.GetUtcNow();
        lock (_gate)
        {
            var isEvent = received.Topic.Contains("/events/", StringComparison.Ordinal);
            if (_failure is not null || _full.IsCancellationRequested || _source == (isEvent ? RecordSource.Devices : RecordSource.Events))
            {
                return;
            }

            var isReport = isEvent
                ? RecordedMessage.TryReadEvent(received.Topic, payload, now, out var message)
                : RecordedMessage.TryReadReport(received.Topic, payload, received.UserProperties, now, out message);
            if (!isReport)
            {
                // Other events than changes are none of ours.
                _skipped += isEvent ? 0 : 1;
                return;
            }

            // Where a broker has both, the device's message comes before what the platform makes of it.
            _source = isEvent ? RecordSource.Events : RecordSource.Devices;
            Add(message!);
        }
    }

    private void Add(RecordedMessage message)
    {
        try
        {
            _file.Add(message);
        }
        catch (RecordException exception)
        {
            _failure = exception;
        }

        if (_failure is not null || _file.Messages == _options.Limit)
        {
            _full.Cancel();
        }
    }

    private async Task LeaveAsync()
    {
        if (!_client.IsConnected)
        {
            return;
        }

        try
        {
            // One second is the shortest expiry that MQTTnet writes; it leaves 0 out, which would keep the hour.
            await _client.DisconnectAsync(new MqttClientDisconnectOptions { SessionExpiryInterval = Connection.Protocol == MqttProtocol.V5 ? 1u : 0u }, CancellationToken.None);
        }
        catch (Exception exception) when (exception is MQTTnet.Exceptions.MqttCommunicationException or ObjectDisposedException or IOException)
        {
            // Gone already: what a disconnect wants.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
