using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// A connection's packets, between the socket and MQTTnet. MQTTnet answers a PUBLISH before it looks at the next
/// packet; a device that sends hundreds at once would wait for the store with each. So a PUBLISH is taken here, when
/// it is received, and MQTTnet's answer to it is held here until it is durable. Answers leave in the order in which
/// the publishes came (MQTT-4.6.0-2), and as many are under way as the window allows; when it is full the socket is
/// not read.
/// </summary>
/// <param name="channel">The socket.</param>
/// <param name="window">How many publishes may be under way.</param>
/// <param name="take">Takes a publish; returns when it may be answered, with what was wrong with it, or null.</param>
/// <param name="notTaken">Is told of the client whose publish could not be stored.</param>
internal sealed class GatewayChannel(
    IMqttChannelAdapter channel,
    int window,
    Func<GatewayChannel, MqttPublishPacket, Task<Problem?>> take,
    Action<string, Exception> notTaken) : IMqttChannelAdapter
{
    private readonly SemaphoreSlim _window = new(window, window);
    private readonly Dictionary<ushort, string> _aliases = [];

    /// <summary>Publishes that MQTTnet has not answered yet, and answers that wait; both in the order received.</summary>
    private readonly Queue<Task<Problem?>> _unanswered = new();
    private readonly Channel<(MqttPacketWithIdentifier Answer, Task<Problem?> Taken)> _answers =
        Channel.CreateBounded<(MqttPacketWithIdentifier, Task<Problem?>)>(new BoundedChannelOptions(window) { SingleReader = true });

    private MqttConnectPacket? _connect;
    private Task? _answering;
    private int _underWay;
    private TaskCompletionSource? _idle;

    /// <summary>The client id, once there was a CONNECT: the client's own, or the one it was given.</summary>
    public string ClientId => _connect?.ClientId ?? "";

    public long BytesReceived => channel.BytesReceived;

    public long BytesSent => channel.BytesSent;

    public X509Certificate2 ClientCertificate => channel.ClientCertificate;

    public EndPoint RemoteEndPoint => channel.RemoteEndPoint;

    public EndPoint LocalEndPoint => channel.LocalEndPoint;

    public bool IsSecureConnection => channel.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => channel.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => channel.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => channel.DisconnectAsync(cancellationToken);

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = await channel.ReceivePacketAsync(cancellationToken);
        if (packet is MqttPublishPacket publish)
        {
            await Begin(publish, cancellationToken);
        }
        else if (packet is MqttConnectPacket connect)
        {
            _connect = connect;
            // MQTT 3.1.1 allows an empty client id with a clean session (MQTT-3.1.3-6); MQTTnet gives one with MQTT 5 only.
            if (connect.CleanSession && string.IsNullOrEmpty(connect.ClientId) && PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500)
            {
                connect.ClientId = AssignedClientId();
            }
        }

        return packet;
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPubAckPacket or MqttPubRecPacket when TryNextUnanswered(out var taken):
                // There is room: no more are unanswered than the window has.
                _answers.Writer.TryWrite(((MqttPacketWithIdentifier)packet, taken));
                _answering ??= Answer();
                return Task.CompletedTask;
            case MqttConnAckPacket connected:
                connected.ReceiveMaximum = (ushort)window;
                break;
            default:
                break;
        }

        return channel.SendPacketAsync(packet, cancellationToken);
    }

    /// <summary>Completes when no publish is under way.</summary>
    public Task Idle()
    {
        lock (_unanswered)
        {
            return _underWay == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void ResetStatistics() => channel.ResetStatistics();

    public void Dispose()
    {
        _answers.Writer.TryComplete();
        channel.Dispose();
    }

    internal static string AssignedClientId() => $"auto-{Guid.NewGuid():N}";

    /// <summary>Takes a publish as soon as the window has room; it is durable some time after this returns.</summary>
    private async Task Begin(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        if (!ResolveAlias(publish))
        {
            // MQTTnet sees the publish without a topic and ends the connection.
            return;
        }

        await _window.WaitAsync(cancellationToken);
        lock (_unanswered)
        {
            _underWay++;
        }

        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            // Not awaited: nobody is answered. It catches what happens, and gives its place in the window back.
            _ = TakeUnanswered(publish);
            return;
        }

        var taken = Take(publish);
        lock (_unanswered)
        {
            _unanswered.Enqueue(taken);
        }
    }

    private async Task<Problem?> Take(MqttPublishPacket publish)
    {
        try
        {
            return await take(this, publish);
        }
        finally
        {
            Ended();
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
            notTaken(ClientId, exception);
        }
        finally
        {
            Ended();
            _window.Release();
        }
    }

    private void Ended()
    {
        lock (_unanswered)
        {
            if (--_underWay == 0)
            {
                _idle?.SetResult();
                _idle = null;
            }
        }
    }

    private bool TryNextUnanswered(out Task<Problem?> taken)
    {
        lock (_unanswered)
        {
            return _unanswered.TryDequeue(out taken!);
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
                notTaken(ClientId, exception);
                await Abort();
                return;
            }

            try
            {
                await channel.SendPacketAsync(answer, CancellationToken.None);
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
        try
        {
            await channel.DisconnectAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is MQTTnet.Exceptions.MqttCommunicationException or ObjectDisposedException or InvalidOperationException)
        {
            // It is closed already.
        }
    }

    private static void Explain(MqttPacketWithIdentifier answer, Problem problem)
    {
        switch (answer)
        {
            case MqttPubAckPacket acknowledged:
                acknowledged.ReasonCode = PublishReasons.Of(problem);
                acknowledged.ReasonString = problem.Detail;
                break;
            case MqttPubRecPacket received:
                // The same codes under another name (MQTT 5, table 3-5).
                received.ReasonCode = (MqttPubRecReasonCode)PublishReasons.Of(problem);
                received.ReasonString = problem.Detail;
                break;
            default:
                break;
        }
    }

    /// <summary>Puts the topic where an alias stands for it (MQTT-3.3.2-8 to -12); false for an alias without one.</summary>
    private bool ResolveAlias(MqttPublishPacket publish)
    {
        if (publish.TopicAlias == 0)
        {
            return !string.IsNullOrEmpty(publish.Topic);
        }

        if (!string.IsNullOrEmpty(publish.Topic))
        {
            _aliases[publish.TopicAlias] = publish.Topic;
            return true;
        }

        if (_aliases.TryGetValue(publish.TopicAlias, out var topic))
        {
            publish.Topic = topic;
            return true;
        }

        return false;
    }
}
