using System.Net;
using System.Text;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>
/// One generation of a device's connection: MQTTnet's packets and channel, without its client. That client runs three
/// tasks per connection, one of which wakes four times a second; ten thousand devices would keep a core busy with nothing.
/// </summary>
internal sealed class MqttConnection : IDisposable
{
    private static readonly MqttClientAdapterFactory Adapters = new();
    private static readonly byte[] Offline = Encoding.UTF8.GetBytes(NativeTopics.Offline);

    private readonly IMqttChannelAdapter _adapter;

    private MqttConnection(IMqttChannelAdapter adapter, MqttConnAckPacket answer)
    {
        _adapter = adapter;
        Answer = answer;
    }

    /// <summary>What the server said to the connect.</summary>
    public MqttConnAckPacket Answer { get; }

    /// <summary>Connects a device.</summary>
    /// <param name="options">Where to, and as whom.</param>
    /// <param name="id">The twin id and client id.</param>
    /// <param name="fresh">Whether an older session of this client id is to be forgotten.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">Nobody is there, or the server refused.</exception>
    public static async Task<MqttConnection> OpenAsync(
        FleetOptions options, string id, bool fresh, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var adapter = Adapters.CreateClientAdapter(Channel(options), null, MqttNetNullLogger.Instance);
        try
        {
            await adapter.ConnectAsync(both.Token);
            await adapter.SendPacketAsync(ConnectPacket(options, id, fresh), both.Token);

            // The adapter answers null when the token is cancelled and when the server hangs up.
            var answer = await adapter.ReceivePacketAsync(both.Token);
            both.Token.ThrowIfCancellationRequested();
            if (answer is not MqttConnAckPacket connAck)
            {
                throw new ConnectFailedException("hung-up", $"{options.Broker} closed the connection instead of answering; is it an MQTT broker?");
            }

            return ConnectFailures.From(connAck, options) is { } refusal
                ? throw refusal
                : new MqttConnection(adapter, connAck);
        }
        catch (Exception exception)
        {
            adapter.Dispose();
            if (exception is ConnectFailedException || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw ConnectFailures.From(exception, options);
        }
    }

    /// <summary>Sends a packet after those sent before. The order of calls is the order on the wire.</summary>
    public Task SendAsync(MqttPacket packet) => _adapter.SendPacketAsync(packet, CancellationToken.None);

    /// <summary>The next packet, or null when the connection is over.</summary>
    public async Task<MqttPacket?> ReceiveAsync()
    {
        try
        {
            return await _adapter.ReceivePacketAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it was, a connection that cannot be read is over.
            return null;
        }
    }

    public void Dispose() => _adapter.Dispose();

    private static MqttClientOptions Channel(FleetOptions options) => new()
    {
        ProtocolVersion = options.Protocol == MqttProtocol.V5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,

        // One packet, one write: with Nagle off, a fragment would be a TCP segment of its own.
        AllowPacketFragmentation = false,
        WriterBufferSize = 1024,
        ChannelOptions = new MqttClientTcpOptions
        {
            RemoteEndpoint = IPAddress.TryParse(options.Broker.Host, out var address)
                ? new IPEndPoint(address, options.Broker.Port)
                : new DnsEndPoint(options.Broker.Host, options.Broker.Port),

            // MQTTnet's default is a reset on close, which can overtake the DISCONNECT packet.
            LingerState = new System.Net.Sockets.LingerOption(false, 0),
            TlsOptions = new MqttClientTlsOptions { UseTls = options.Broker.Tls },
        },
    };

    private static MqttConnectPacket ConnectPacket(FleetOptions options, string id, bool fresh)
    {
        var persistent = options.Protocol == MqttProtocol.V5 && options.SessionExpiry > TimeSpan.Zero;
        return new MqttConnectPacket
        {
            ClientId = id,
            CleanSession = fresh || !persistent,
            SessionExpiryInterval = persistent ? (uint)options.SessionExpiry.TotalSeconds : 0,
            KeepAlivePeriod = (ushort)Math.Clamp(options.KeepAlive.TotalSeconds, 0, ushort.MaxValue),
            Username = options.Username,
            Password = options.Password is null ? null : Encoding.UTF8.GetBytes(options.Password),
            RequestProblemInformation = true,
            WillFlag = true,
            WillTopic = NativeTopics.Connection(id),
            WillMessage = Offline,
            WillQoS = MqttQualityOfServiceLevel.AtLeastOnce,
        };
    }
}
