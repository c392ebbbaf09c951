using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Server;
using Microsoft.Extensions.Options;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Hosting;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// The silo's own MQTT listener: MQTTnet.Server as a protocol front. It is no general broker: a publish goes to the
/// ingress and nowhere else, and what the platform says goes straight into the session of the device
/// (docs/decisions/0003-gateway.md).
/// </summary>
internal sealed partial class MqttGateway(
    IOptions<TwinsOptions> options,
    Ingress ingress,
    QueueBudget budget,
    StoreRetry retry,
    IDialect dialect,
    LinkTable links,
    CommandAcknowledgements acknowledgements,
    IStateStore store,
    FenceTokens tokens,
    FileDescriptors descriptors,
    ISiloStatusOracle silos,
    IGrainFactory grains,
    TwinsMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections that the system keeps until they are accepted. With MQTTnet's 10 most of a fleet that comes back at once is
    /// dropped, and tries again after 1, 3, 7, … 63 s. As many as Linux allows by default (net.core.somaxconn).
    /// </summary>
    private const int Backlog = 4096;

    private readonly GatewayOptions _options = options.Value.Mqtt.Gateway;

    private readonly X509Certificate2? _certificate = options.Value.Mqtt.Gateway is { Enabled: true, TlsPort: not 0 } gateway ? GatewayCertificate.Load(gateway) : null;
    private readonly ConcurrentDictionary<string, GatewayConnection> _connections = new(StringComparer.Ordinal);
    private readonly GatewayRoster _roster = new();
    private readonly ILogger _logger = loggers.CreateLogger<MqttGateway>();

    private MqttServer? _server;
    private GatewayAdapter? _adapter;

    /// <summary>Connections were refused since the last one that was accepted.</summary>
    private bool _refusing;

    private LinkAddress Address => field ??= new LinkAddress(LinkNames.Gateway, links.Instance);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_options.Enabled)
        {
            return;
        }

        metrics.Gauge("twins.gateway.connections", "{connection}", "Clients that are connected to the gateway.", () => _connections.Count);
        metrics.Gauge("twins.gateway.sessions", "{session}", "Sessions that the gateway holds, with and without a connection.", () => _sessions.Count);
        metrics.Gauge("twins.gateway.under_way", "{message}", "Messages that the gateway has read and not acknowledged yet.", () => _connections.Values.Sum(connection => (long)connection.Channel.UnderWay));
        metrics.Gauge("twins.gateway.outgoing", "{message}", "Messages to clients of the gateway that they have not acknowledged yet.", () => _sessions.Values.Sum(session => (long)session.Outbox.Count));
        await links.Add(Address, this);
        _self = grains.CreateObjectReference<ISessionHolder>(this);
        silos.SubscribeToSiloStatusEvents(this);
        var logger = new GatewayLibraryLog(loggers.CreateLogger("Twins.Silo.Links.Gateway.MQTTnet"));
        _adapter = new GatewayAdapter(Open, Ended, Accepts);
        _server = new MqttServerFactory(logger).CreateMqttServer(ServerOptions(), [_adapter]);
        _server.ValidatingConnectionAsync += Validate;
        _server.ClientConnectedAsync += Connected;
        _server.InterceptingPublishAsync += Intercept;
        _server.InterceptingSubscriptionAsync += Subscribing;
        _server.ClientSubscribedTopicAsync += Subscribed;
        _server.InterceptingUnsubscriptionAsync += Unsubscribing;
        _server.ClientUnsubscribedTopicAsync += Unsubscribed;
        await _server.StartAsync();
        Started(_options.Address, _options.Port, _options.TlsPort);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _certificate?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(KeepHouse(stoppingToken), Heal(stoppingToken));

    private async Task KeepHouse(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RenewListening();
                    ForgetSessions();
                    await ClaimAgain(IsClaimDue, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    RenewFailed(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private MqttServerOptions ServerOptions()
    {
        // Without sessions that outlive their connection: those are ours.
        var builder = new MqttServerOptionsBuilder().WithConnectionBacklog(Backlog);
        var address = IPAddress.Parse(_options.Address);
        var (v4, v6) = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? (IPAddress.None, address) : (address, IPAddress.None);
        if (_options.Port != 0)
        {
            builder.WithDefaultEndpoint().WithDefaultEndpointPort(_options.Port)
                .WithDefaultEndpointBoundIPAddress(v4).WithDefaultEndpointBoundIPV6Address(v6);
        }
        else
        {
            builder.WithoutDefaultEndpoint();
        }

        if (_options.TlsPort != 0)
        {
            builder.WithEncryptedEndpoint().WithEncryptedEndpointPort(_options.TlsPort)
                .WithEncryptedEndpointBoundIPAddress(v4).WithEncryptedEndpointBoundIPV6Address(v6)
                .WithEncryptionCertificate(_certificate!)
                .WithEncryptionSslProtocol(SslProtocols.Tls12 | SslProtocols.Tls13);
        }

        return builder.Build();
    }

    [LoggerMessage(LogEvents.GatewayStarted, LogLevel.Information, "MQTT gateway listens on {Address}, port {Port}, TLS port {TlsPort} (0: off).")]
    private partial void Started(string address, int port, int tlsPort);

    [LoggerMessage(LogEvents.ListenerRenewFailed, LogLevel.Warning, "The gateway's housekeeping failed; it is tried again in 10 s.")]
    private partial void RenewFailed(Exception exception);
}
