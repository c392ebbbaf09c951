using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// A connection's packets, between the socket and MQTTnet. A PUBLISH is taken here and goes no further: MQTTnet would
/// answer it before it looks at the next packet, and a device that sends hundreds at once would wait for the store with
/// each. Answers leave in the order in which the publishes came (MQTT-4.6.0-2), each when it is durable, and as many
/// are under way as the window, and the budget of all connections, allow; when one is used up the socket is not read. While the
/// store fails nothing is answered and the connection stays open; QoS 0 is shed.
/// </summary>
/// <param name="channel">The socket.</param>
/// <param name="window">How many publishes may be under way.</param>
/// <param name="budget">Limits what waits on all connections.</param>
/// <param name="isShedding">Tells whether QoS 0 is dropped, because the store is known to fail.</param>
/// <param name="metrics">Counts what is answered, and what is shed.</param>
/// <param name="time">The clock.</param>
/// <param name="take">Takes a publish; returns when it may be answered, with what was wrong with it, or null.</param>
/// <param name="notTaken">Is told of the client whose publish could not be stored.</param>
internal sealed partial class GatewayChannel(
    IMqttChannelAdapter channel,
    int window,
    QueueBudget budget,
    Func<bool> isShedding,
    TwinsMetrics metrics,
    TimeProvider time,
    Func<GatewayChannel, MqttPublishPacket, Task<Problem?>> take,
    Action<string, Exception> notTaken) : PassingChannel(channel)
{
    private readonly SemaphoreSlim _window = new(window, window);
    private readonly Lock _gate = new();

    /// <summary>Answers that wait until what they answer is durable, in the order received.</summary>
    private readonly Channel<(MqttPacketWithIdentifier Answer, Task<Problem?> Taken)> _answers =
        Channel.CreateBounded<(MqttPacketWithIdentifier, Task<Problem?>)>(new BoundedChannelOptions(window) { SingleReader = true });

    /// <summary>Cancelled when the connection is over: nobody waits for what was read from it and is not stored.</summary>
    private readonly CancellationTokenSource _gone = new();

    private MqttConnectPacket? _connect;

    /// <summary>A publish that was read and has no room yet. Whoever takes it out of here owns its room.</summary>
    private Held? _held;

    /// <summary>The CONNECT was answered, and not with a refusal.</summary>
    private volatile bool _accepted;

    /// <summary>No more publishes are taken.</summary>
    private volatile bool _finishing;

    private Task? _answering;
    private int _underWay;
    private TaskCompletionSource? _idle;

    /// <summary>The client id, once there was a CONNECT: the client's own, or the one it was given.</summary>
    public string ClientId => _connect?.ClientId ?? "";

    /// <summary>Publishes that are not durable yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Gets the end of the connection.</summary>
    public CancellationToken Gone => _gone.Token;

    public override async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_held is { } held)
            {
                if (!await HasRoomAsync(held.Room))
                {
                    return OwnSign();
                }

                if (Interlocked.Exchange(ref _held, null) is not null)
                {
                    Begin(held.Publish);
                    if (SignOfLife() is { } behind)
                    {
                        return behind;
                    }
                }
            }

            var packet = await Socket.ReceivePacketAsync(cancellationToken);
            switch (packet)
            {
                // Before its CONNECT is accepted nobody may publish: MQTTnet gets it, and closes (MQTT-3.1.0-1). An alias
                // that stands for nothing is MQTTnet's to refuse as well.
                case MqttPublishPacket publish when _accepted && ResolveAlias(publish):
                    if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce && isShedding())
                    {
                        metrics.Shed(LinkNames.Gateway);
                    }
                    else if (RoomFor(publish) is { IsCompletedSuccessfully: false } room)
                    {
                        Volatile.Write(ref _held, new Held(publish, room));
                        continue;
                    }
                    else
                    {
                        Begin(publish);
                    }

                    if (SignOfLife() is { } sign)
                    {
                        return sign;
                    }

                    continue;
                case MqttPubAckPacket acknowledged when Session is { } session:
                    // What it answers was sent past MQTTnet (GatewayOutbox).
                    session.Outbox.Acknowledge(acknowledged.PacketIdentifier);
                    if (SignOfLife() is { } life)
                    {
                        return life;
                    }

                    continue;
                case MqttConnectPacket connect:
                    _connect = connect;
                    Clean = connect.CleanSession;
                    ExpirySeconds = ExpiryOf(connect);
                    // MQTT 3.1.1 allows an empty client id with a clean session (MQTT-3.1.3-6); MQTTnet gives one with MQTT 5 only.
                    if (connect.CleanSession && string.IsNullOrEmpty(connect.ClientId) && PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500)
                    {
                        connect.ClientId = AssignedClientId();
                    }

                    // A session is ours to go on with (GatewaySession). MQTTnet's lasts as long as the connection.
                    connect.CleanSession = true;
                    break;
                default:
                    break;
            }

            _lastPassed = time.GetTimestamp();
            return packet;
        }
    }

    public override Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPingRespPacket when AnswersOwnSign():
                return Task.CompletedTask;
            case MqttConnAckPacket { ReturnCode: MqttConnectReturnCode.ConnectionAccepted, ReasonCode: MqttConnectReasonCode.Success } connected:
                Accept(connected);
                break;
            case MqttSubAckPacket or MqttUnsubAckPacket when Session is { } session:
                if (packet is MqttSubAckPacket subscribed && !WantsReasons)
                {
                    subscribed.ReasonString = null;
                }

                return SendStored(session, packet, cancellationToken);
            default:
                break;
        }

        return Socket.SendPacketAsync(packet, cancellationToken);
    }

    /// <summary>Completes when no publish is under way.</summary>
    public Task Idle()
    {
        lock (_gate)
        {
            return _underWay == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>
    /// Takes no more publishes; returns when those under way are durable and answered. What the client has sent behind
    /// them is not answered, and it repeats it elsewhere.
    /// </summary>
    public Task Finish()
    {
        _finishing = true;
        _answers.Writer.TryComplete();
        return Task.WhenAll(Idle(), _answering ?? Task.CompletedTask);
    }

    public override void Dispose()
    {
        _answers.Writer.TryComplete();
        Leave();
        base.Dispose();
    }

    /// <summary>Notes that the connection is over. What was read from it is dropped as far as the store does not take it.</summary>
    public void Leave()
    {
        _gone.Cancel();
        if (Interlocked.Exchange(ref _held, null) is { } held)
        {
            // Not awaited: it is cancelled, or had its room a moment before.
            _ = ReturnAsync(held);
        }
    }

    internal static string AssignedClientId() => $"auto-{Guid.NewGuid():N}";

    private static long BytesOf(MqttPublishPacket publish) => QueueBudget.Of(publish.Payload.Length);

    /// <summary>Completes when the window and the budget have room for a publish.</summary>
    private Task RoomFor(MqttPublishPacket publish)
    {
        var place = _window.WaitAsync(_gone.Token);
        return place.IsCompletedSuccessfully ? Budget(publish) : RoomAfter(place, publish);
    }

    private async Task RoomAfter(Task place, MqttPublishPacket publish)
    {
        await place;
        await Budget(publish);
    }

    private Task Budget(MqttPublishPacket publish) => budget.TakeAsync(BytesOf(publish), LinkNames.Gateway, _gone.Token);

    private async Task ReturnAsync(Held held)
    {
        await ((Task)held.Room).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (held.Room.IsCompletedSuccessfully)
        {
            budget.Return(BytesOf(held.Publish));
        }
    }

    /// <summary>Takes a publish that has room; it is durable some time after this returns.</summary>
    private void Begin(MqttPublishPacket publish)
    {
        if (_finishing)
        {
            // The client is not answered, and repeats it elsewhere. It is read all the same: closing a socket with unread data resets
            // the connection, and the client may then miss the DISCONNECT (RFC 9293, 3.6.1).
            budget.Return(BytesOf(publish));
            _window.Release();
            return;
        }

        lock (_gate)
        {
            _underWay++;
        }

        MqttPacketWithIdentifier? answer = publish.QualityOfServiceLevel switch
        {
            MqttQualityOfServiceLevel.AtLeastOnce => new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier },
            MqttQualityOfServiceLevel.ExactlyOnce => new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier },
            _ => null,
        };
        if (answer is null)
        {
            // Not awaited: nobody is answered. It catches what happens, and gives its place in the window back.
            _ = TakeUnanswered(publish);
            return;
        }

        // There is room: no more wait for their answer than the window has.
        _answers.Writer.TryWrite((answer, Take(publish)));
        _answering ??= Answer();
    }

    private async Task<Problem?> Take(MqttPublishPacket publish)
    {
        try
        {
            return await take(this, publish);
        }
        finally
        {
            Taken(publish);
        }
    }

    /// <summary>QoS 0 may be shed where the store does not take it.</summary>
    private async Task TakeUnanswered(MqttPublishPacket publish)
    {
        try
        {
            await take(this, publish);
        }
        catch (Exception exception)
        {
            metrics.Shed(LinkNames.Gateway);
            if (!isShedding())
            {
                notTaken(ClientId, exception);
            }
        }
        finally
        {
            Taken(publish);
            _window.Release();
        }
    }

    private void Taken(MqttPublishPacket publish)
    {
        budget.Return(BytesOf(publish));
        lock (_gate)
        {
            if (--_underWay == 0)
            {
                _idle?.SetResult();
                _idle = null;
            }
        }
    }

    /// <summary>Sends what is durable, in the order received. Ends with the connection.</summary>
    private async Task Answer()
    {
        await foreach (var (answer, taken) in _answers.Reader.ReadAllAsync())
        {
            try
            {
                if (await taken is { } problem)
                {
                    Explain(answer, problem);
                }
            }
            catch (Exception exception)
            {
                // Not stored, so neither this nor what is behind it is answered: the device connects again and repeats it.
                if (!_gone.IsCancellationRequested)
                {
                    notTaken(ClientId, exception);
                }

                await Abort();
                return;
            }

            try
            {
                await Socket.SendPacketAsync(answer, CancellationToken.None);
                metrics.Acknowledged(LinkNames.Gateway);
                _window.Release();
            }
            catch (Exception)
            {
                // The connection is gone; MQTTnet notices by itself, and the device repeats what it was not answered for.
                await Abort();
                return;
            }
        }
    }

    private async Task Abort()
    {
        _answers.Writer.TryComplete();
        Leave();
        try
        {
            await Socket.DisconnectAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is MQTTnet.Exceptions.MqttCommunicationException or ObjectDisposedException or InvalidOperationException)
        {
            // It is closed already.
        }
    }

    /// <summary>The client wants reason strings in answers other than CONNACK, PUBLISH and DISCONNECT (MQTT-3.1.2-29).</summary>
    private bool WantsReasons => _connect is not { RequestProblemInformation: false };

    private void Explain(MqttPacketWithIdentifier answer, Problem problem)
    {
        var reason = WantsReasons ? problem.Detail : null;
        switch (answer)
        {
            case MqttPubAckPacket acknowledged:
                acknowledged.ReasonCode = PublishReasons.Of(problem);
                acknowledged.ReasonString = reason;
                break;
            case MqttPubRecPacket received:
                // The same codes under another name (MQTT 5, table 3-5).
                received.ReasonCode = (MqttPubRecReasonCode)PublishReasons.Of(problem);
                received.ReasonString = reason;
                break;
            default:
                break;
        }
    }

    private sealed record Held(MqttPublishPacket Publish, Task Room);
}
