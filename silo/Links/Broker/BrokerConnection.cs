using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// One connection to a broker, from CONNECT to its end; the next one is another object, so that a late
/// acknowledgement of this one can not acknowledge a message of the next. Messages are acknowledged in the order
/// they were received (MQTT-4.6.0-2), each after its twin is durable.
/// </summary>
internal sealed partial class BrokerConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IMqttClient _client;
    private readonly BrokerOptions _options;
    private readonly Ingress _ingress;
    private readonly QueueBudget _budget;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly MessageSource _source;
    private readonly Channel<Unacknowledged> _unacknowledged;
    private BrokerPackets? _packets;
    private SemaphoreSlim _publishing;
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when nothing can be acknowledged on this connection any more.</summary>
    private readonly CancellationTokenSource _gone = new();

    private Task _acknowledging = Task.CompletedTask;
    private long _lastReceived;
    private int _underWay;
    private string _clientId = "";
    private MqttQualityOfServiceLevel _granted = MqttQualityOfServiceLevel.AtLeastOnce;

    public BrokerConnection(BrokerOptions options, Ingress ingress, QueueBudget budget, TwinsMetrics metrics, TimeProvider time, MessageSource source)
    {
        _time = time;
        _lastReceived = time.GetTimestamp();
        _options = options;
        _ingress = ingress;
        _budget = budget;
        _metrics = metrics;
        _source = source;
        _publishing = new SemaphoreSlim(options.Window);
        // As many as the broker may send unacknowledged; when it is full the socket is not read.
        _unacknowledged = Channel.CreateBounded<Unacknowledged>(new BoundedChannelOptions(options.Window)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        });
        _client = new MqttClientFactory().CreateMqttClient(new BrokerChannels(channel => _packets = new BrokerPackets(channel, Received, Announced)));
        _client.DisconnectedAsync += args =>
        {
            _gone.Cancel();
            _ended.TrySetResult(args.Reason >= MqttClientDisconnectReason.UnspecifiedError && args.Exception is null ? BrokerRefusedException.Of(args.Reason, args.ReasonString) : args.Exception);
            return Task.CompletedTask;
        };
    }

    /// <summary>Completes when the connection is over, with the reason where there is one.</summary>
    public Task<Exception?> Ended => _ended.Task;

    /// <summary>Gets whether this side ends the connection.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Gets whether the broker granted QoS 0 only, although more was asked for.</summary>
    public bool IsGrantedLess => _granted < Capabilities.QoS;

    /// <summary>Connects; true where the broker has kept the session.</summary>
    /// <exception cref="BrokerRefusedException">The broker refuses, or does not answer.</exception>
    public async Task<bool> Connect(string clientId, MqttProtocolVersion version, CancellationToken cancellationToken)
    {
        _clientId = clientId;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        _acknowledging = Acknowledge();
        MqttClientConnectResult connected;
        try
        {
            connected = await _client.ConnectAsync(ClientOptions(clientId, version), limit.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BrokerRefusedException(BrokerRefusalKind.NoAnswer, $"no answer within {Patience.TotalSeconds} s", exception);
        }

        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw BrokerRefusedException.Of(connected, version);
        }

        Capabilities = BrokerCapabilities.Of(connected, version);
        if (Capabilities.ReceiveMaximum is { } theirs && theirs < _options.Window)
        {
            // What the broker takes unacknowledged at once (MQTT-3.3.4-7); nothing is published before this.
            _publishing.Dispose();
            _publishing = new SemaphoreSlim(theirs);
        }

        return connected.IsSessionPresent;
    }

    /// <summary>Subscribes; of what the session has already, nothing changes.</summary>
    /// <exception cref="BrokerRefusedException">The broker refuses a filter, or has announced that it would.</exception>
    public async Task Subscribe(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        ThrowIfNotAvailable(filters);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var subscribe = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            // What the broker has retained is sent for a new subscription only, not every time the link returns. 3.1.1 cannot ask for that.
            subscribe.WithTopicFilter(filter, Capabilities.QoS, retainHandling: Capabilities.Version == MqttProtocolVersion.V500
                ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly
                : MqttRetainHandling.SendAtSubscribe);
        }

        var result = await _client.SubscribeAsync(subscribe.Build(), limit.Token);
        foreach (var item in result.Items)
        {
            if (item.ResultCode >= MqttClientSubscribeResultCode.UnspecifiedError)
            {
                throw BrokerRefusedException.Of(item);
            }

            _granted = (MqttQualityOfServiceLevel)Math.Min((int)_granted, (int)item.ResultCode);
        }
    }

    /// <summary>Takes no part in what comes from now on; what the broker has for this session already still comes.</summary>
    public async Task Unsubscribe(IEnumerable<string> filters, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var unsubscribe = new MqttClientUnsubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            unsubscribe.WithTopicFilter(filter);
        }

        var result = await _client.UnsubscribeAsync(unsubscribe.Build(), limit.Token);
        foreach (var item in result.Items)
        {
            if (item.ResultCode >= MqttClientUnsubscribeResultCode.UnspecifiedError)
            {
                throw new InvalidOperationException($"the broker refuses to end the subscription to {item.TopicFilter} ({item.ResultCode})");
            }
        }
    }

    /// <summary>Everything that came is acknowledged, and nothing has come for a while: the broker has nothing more.</summary>
    public bool IsQuietFor(TimeSpan quiet) => Volatile.Read(ref _underWay) == 0 && _time.GetElapsedTime(Volatile.Read(ref _lastReceived)) >= quiet;

    /// <summary>Publishes with QoS 1, or 0 if the broker has no more; returns when the broker has acknowledged.</summary>
    /// <returns><see cref="DeliveryResult.Busy"/> where too much is under way; else whether the broker accepted the message.</returns>
    /// <exception cref="Exception">The connection ended, or the broker does not take messages now.</exception>
    public async Task<PublishAnswer> Publish(Encoded encoded, CancellationToken cancellationToken)
    {
        var message = Message(encoded);
        if (Capabilities.MaximumPacketSize is { } most && PublishSize.Of(message) is var bytes && bytes > most)
        {
            return new PublishAnswer(DeliveryResult.TooLarge, $"the packet has {bytes} bytes and the broker accepts {most} (Maximum Packet Size); send less, or raise the broker's limit", "too_large");
        }

        if (!await _publishing.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return new PublishAnswer(DeliveryResult.Busy);
        }

        try
        {
            // A publish that begins just when the connection ends is not failed by MQTTnet.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
            limit.CancelAfter(Patience);
            var result = await _client.PublishAsync(message, limit.Token);
            return result.ReasonCode switch
            {
                _ when result.IsSuccess => new PublishAnswer(DeliveryResult.Delivered),
                MqttClientPublishReasonCode.NotAuthorized =>
                    new PublishAnswer(DeliveryResult.Refused, "the user of the link may not publish on this topic (NotAuthorized); grant it the rights in docs/brokers.md", PublishAnswer.NotAuthorized),
                MqttClientPublishReasonCode.TopicNameInvalid or MqttClientPublishReasonCode.PayloadFormatInvalid =>
                    new PublishAnswer(DeliveryResult.Refused, $"the broker refused it ({result.ReasonCode})", "invalid"),
                _ => throw new InvalidOperationException($"the broker refuses {encoded.Topic} ({result.ReasonCode} {result.ReasonString})"),
            };
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Acknowledges what is under way, and says goodbye.</summary>
    /// <param name="endSession">Whether the session ends; otherwise it stays at the broker.</param>
    public async Task Close(bool endSession = false)
    {
        IsClosing = true;
        _unacknowledged.Writer.TryComplete();
        await _acknowledging.WaitAsync(Shutdown.Messages, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What the store has not taken by now is repeated by the broker.
        await _gone.CancelAsync();
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions());
            if (endSession)
            {
                // A CONNECT that wants a clean session ends the one before. MQTT 5 has a shorter way, a DISCONNECT with a Session Expiry
                // Interval of 0, but MQTTnet leaves a 0 away, which means no change (MQTT 5.0, section 3.14.2.2.2).
                await _client.ConnectAsync(ClientOptions(_clientId, Capabilities.Version, cleanStart: true));
                await _client.DisconnectAsync(new MqttClientDisconnectOptions());
            }
        }
    }

    public void Dispose()
    {
        _unacknowledged.Writer.TryComplete();
        _gone.Cancel();
        _client.Dispose();
        _publishing.Dispose();
    }

    private async ValueTask Received(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        var atMostOnce = publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce;
        if (atMostOnce && _ingress.Sheds)
        {
            _metrics.Shed(_source.Address.Link);
            return;
        }

        var bytes = QueueBudget.Of(publish.Payload.Length);
        await _budget.TakeAsync(bytes, _source.Address.Link, _gone.Token);
        if (!await HasRoomAsync(bytes, cancellationToken))
        {
            // The connection is being closed: the broker sends it again.
            return;
        }

        var message = new LinkMessage
        {
            Topic = publish.Topic,
            Payload = publish.Payload,
            Source = _source,
            Retained = publish.Retain,
            ClearsRetained = publish.Payload.IsEmpty,
            MayShed = atMostOnce,
            Ended = _gone.Token,
            ResponseTopic = string.IsNullOrEmpty(publish.ResponseTopic) ? null : publish.ResponseTopic,
            CorrelationData = publish.CorrelationData,
            UserProperties = publish.UserProperties is { Count: > 0 } properties
                ? [.. properties.Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))]
                : [],
        };

        Interlocked.Increment(ref _underWay);
        // There is room, or the connection has been closed meanwhile, and it is not acknowledged.
        _unacknowledged.Writer.TryWrite(new Unacknowledged(publish.QualityOfServiceLevel, publish.PacketIdentifier, TakeAsync(message, bytes)));
    }

    /// <summary>Waits for room in the window; without any the bytes are given back.</summary>
    private async ValueTask<bool> HasRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        var room = false;
        try
        {
            return room = await _unacknowledged.Writer.WaitToWriteAsync(cancellationToken);
        }
        finally
        {
            if (!room)
            {
                _budget.Return(bytes);
            }
        }
    }

    private async Task TakeAsync(LinkMessage message, long bytes)
    {
        try
        {
            await _ingress.Take(message);
        }
        finally
        {
            _budget.Return(bytes);
        }
    }

    private async Task Acknowledge()
    {
        try
        {
            await foreach (var (qos, packetIdentifier, taken) in _unacknowledged.Reader.ReadAllAsync())
            {
                if (qos == MqttQualityOfServiceLevel.AtMostOnce)
                {
                    await Unacknowledgeable(taken);
                    Interlocked.Decrement(ref _underWay);
                    continue;
                }

                await taken;
                await _packets!.SendPacketAsync(new MqttPubAckPacket { PacketIdentifier = packetIdentifier }, CancellationToken.None);
                Interlocked.Decrement(ref _underWay);
                _metrics.Acknowledged(_source.Address.Link);
            }
        }
        catch (Exception exception)
        {
            // Not stored, or the connection is gone: nothing after it may be acknowledged here, the broker repeats all.
            _ended.TrySetResult(exception);
            _unacknowledged.Writer.TryComplete();
        }
    }

    /// <summary>QoS 0 may be shed where the store does not take it.</summary>
    private async Task Unacknowledgeable(Task taken)
    {
        try
        {
            await taken;
        }
        catch (Exception)
        {
            _metrics.Shed(_source.Address.Link);
        }
    }

    private readonly record struct Unacknowledged(MqttQualityOfServiceLevel Qos, ushort PacketIdentifier, Task Taken);
}
