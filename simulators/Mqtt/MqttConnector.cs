using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>Makes connections to the broker of a fleet. Safe for any thread.</summary>
internal sealed class MqttConnector
{
    private static readonly MqttClientAdapterFactory Adapters = new();
    private static readonly byte[] Offline = Encoding.UTF8.GetBytes(NativeTopics.Offline);

    private readonly FleetOptions _options;

    // One for all: nothing in it is of a single connection.
    private readonly MqttClientOptions _channel;

    private MqttConnector(FleetOptions options, TlsCertificates certificates)
    {
        _options = options;
        var tls = new MqttClientTlsOptions
        {
            UseTls = options.Broker.Tls,

            // Otherwise only host names would be compared with the certificate, and never an IP address.
            TargetHost = options.Broker.Host,
            CertificateValidationHandler = seen => certificates.Accept(seen, options.Broker),
            ClientCertificatesProvider = certificates.Client is { } client ? new DefaultMqttCertificatesProvider([client]) : null,

            // MQTT clients do not ask for revocation, and an authority of one's own seldom answers.
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        _channel = new MqttClientOptions
        {
            ProtocolVersion = options.Protocol == MqttProtocol.V5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,

            // One packet, one write: with Nagle off, a fragment would be a TCP segment of its own.
            AllowPacketFragmentation = false,

            // Kept for each connection. The second is what it shrinks to after a large packet.
            WriterBufferSize = 512,
            WriterBufferSizeMax = 4096,
            ChannelOptions = options.Broker.WebSocketPath is null ? Tcp(options.Broker, tls) : WebSocket(options.Broker, tls),
        };
    }

    /// <summary>How the broker is reached: TCP or WebSocket, encrypted or not.</summary>
    public IMqttClientChannelOptions Channel => _channel.ChannelOptions;

    /// <param name="options">Where to, and as whom.</param>
    /// <exception cref="FleetOptionsException">A certificate cannot be read or used.</exception>
    public static MqttConnector Of(FleetOptions options) => TlsCertificates.TryRead(options, out var certificates, out var error)
        ? new MqttConnector(options, certificates)
        : throw new FleetOptionsException(error);

    /// <summary>Connects a client.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="twinId">Whose <c>offline</c> the will is.</param>
    /// <param name="fresh">Whether an older session of this client id is to be forgotten.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ConnectFailedException">Nobody is there, or the server refused.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<MqttConnection> OpenAsync(string clientId, string twinId, bool fresh, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var adapter = Adapters.CreateClientAdapter(_channel, null, MqttNetNullLogger.Instance);
        try
        {
            await adapter.ConnectAsync(both.Token);
            await adapter.SendPacketAsync(ConnectPacket(clientId, twinId, fresh), both.Token);

            // The adapter answers null when the token is cancelled and when the server hangs up.
            var answer = await adapter.ReceivePacketAsync(both.Token);
            both.Token.ThrowIfCancellationRequested();
            return answer switch
            {
                MqttConnAckPacket accepted when ConnectFailures.From(accepted, _options) is { } refusal => throw refusal,
                MqttConnAckPacket accepted => new MqttConnection(adapter, accepted),
                null => throw ConnectFailures.HungUp(_options),
                _ => throw ConnectFailures.NoMqtt(_options, null),
            };
        }
        catch (Exception exception)
        {
            adapter.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw exception as ConnectFailedException ?? ConnectFailures.From(exception, _options, timedOut: timeout.IsCancellationRequested);
        }
    }

    private static MqttClientTcpOptions Tcp(BrokerAddress broker, MqttClientTlsOptions tls) => new()
    {
        RemoteEndpoint = IPAddress.TryParse(broker.Host, out var address)
            ? new IPEndPoint(address, broker.Port)
            : new DnsEndPoint(broker.Host, broker.Port),

        // MQTTnet's default is a reset on close, which can overtake the DISCONNECT packet.
        LingerState = new LingerOption(false, 0),
        TlsOptions = tls,
    };

    private static MqttClientWebSocketOptions WebSocket(BrokerAddress broker, MqttClientTlsOptions tls) => new()
    {
        Uri = broker.ToString(),
        TlsOptions = tls,

        // MQTT has pings of its own; these would cost a timer for each connection.
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
    };

    private MqttConnectPacket ConnectPacket(string clientId, string twinId, bool fresh)
    {
        var persistent = _options.Protocol == MqttProtocol.V5 && _options.SessionExpiry > TimeSpan.Zero;
        return new MqttConnectPacket
        {
            ClientId = clientId,
            CleanSession = fresh || !persistent,
            SessionExpiryInterval = persistent ? (uint)_options.SessionExpiry.TotalSeconds : 0,
            KeepAlivePeriod = (ushort)Math.Clamp(_options.KeepAlive.TotalSeconds, 0, ushort.MaxValue),
            Username = _options.Username,
            Password = _options.Password is null ? null : Encoding.UTF8.GetBytes(_options.Password),
            RequestProblemInformation = true,
            WillFlag = true,
            WillTopic = NativeTopics.Connection(twinId),
            WillMessage = Offline,
            WillQoS = MqttQualityOfServiceLevel.AtLeastOnce,
        };
    }
}
