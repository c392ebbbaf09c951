using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Twins.Silo.Links.Gateway;

/// <summary>The connection's session, of which MQTTnet is not told: to it, each is a clean one.</summary>
internal sealed partial class GatewayChannel
{
    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers to subscriptions that wait for the store; a client that sends more is closed.</summary>
    private const int MaxStoring = 64;

    /// <summary>The last of them; one sender gives them, so that they are in order.</summary>
    private Task _storing = Task.CompletedTask;
    private int _storingCount;

    /// <summary>Completes when MQTTnet is done with the connection.</summary>
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose connection it is; null before the client's CONNECT is found good.</summary>
    public GatewaySession? Session { get; set; }

    /// <summary>The client wants nothing of what was before.</summary>
    public bool Clean { get; private set; }

    /// <summary>How long the client wants its session to outlive the connection; 0: it is to end with it.</summary>
    public uint ExpirySeconds { get; private set; }

    /// <summary>How many publishes the client takes before it has acknowledged the first (MQTT 5, Receive Maximum).</summary>
    public int ReceiveMaximum => _connect is { ReceiveMaximum: not 0 } connect ? connect.ReceiveMaximum : ushort.MaxValue;

    /// <summary>The client gets user properties: it speaks MQTT 5.</summary>
    public bool HasProperties => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>Completes when the connection has ended and what that means is done.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends a publish of the platform's, past MQTTnet.</summary>
    public Task SendPublish(MqttPublishPacket publish) => Socket.SendPacketAsync(publish, CancellationToken.None);

    /// <summary>Closes the connection because its client has another one (MQTT-3.1.4-3); 3.1.1 has no word for it.</summary>
    public async Task CloseTakenOver()
    {
        if (_accepted && PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500)
        {
            try
            {
                // A client that does not read is not waited for.
                using var cancellation = new CancellationTokenSource(GoodbyeWithin, time);
                await Socket.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.SessionTakenOver, ReasonString = "another connection has this client id" }, cancellation.Token);
            }
            catch (Exception)
            {
                // It is closed already, or does not take it.
            }
        }

        await Abort();
    }

    /// <summary>MQTTnet is done with the connection, and so are we.</summary>
    public void End()
    {
        Leave();
        _ended.TrySetResult();
    }

    /// <summary>
    /// Sends the answer to a subscription when that is stored, behind those that wait. Who sends is not held up: pings are answered
    /// meanwhile. The client waits for as long as the store fails; if it is not stored for another reason, the connection is closed
    /// and the client asks again.
    /// </summary>
    private Task SendStored(GatewaySession session, MqttPacket answer, CancellationToken cancellationToken)
    {
        if (_storing.IsCompleted && (!session.Lasts || session.IsStored))
        {
            return Socket.SendPacketAsync(answer, cancellationToken);
        }

        if (Interlocked.Increment(ref _storingCount) > MaxStoring)
        {
            return Abort();
        }

        _storing = StoreAndSend(_storing, session, answer);
        return Task.CompletedTask;
    }

    private async Task StoreAndSend(Task before, GatewaySession session, MqttPacket answer)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await session.Store();
            await Socket.SendPacketAsync(answer, _gone.Token);
        }
        catch (Exception exception)
        {
            if (!_gone.IsCancellationRequested)
            {
                notTaken(ClientId, exception);
            }

            await Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _storingCount);
        }
    }

    private void Accept(MqttConnAckPacket connected)
    {
        connected.ReceiveMaximum = (ushort)window;
        connected.IsSessionPresent = Session is { Present: true };
        if (PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500 && SessionExpiry.Granted(ExpirySeconds) is var granted && granted != ExpirySeconds)
        {
            // The client must be told (MQTT 5, 3.2.2.3.2).
            connected.SessionExpiryInterval = granted;
        }

        _accepted = true;
    }

    /// <summary>3.1.1 has no expiry: a session lasts, or it does not. So it is with 3.1.</summary>
    private uint ExpiryOf(MqttConnectPacket connect) => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500
        ? connect.SessionExpiryInterval
        : connect.CleanSession ? 0 : SessionExpiry.LongestSeconds;
}
