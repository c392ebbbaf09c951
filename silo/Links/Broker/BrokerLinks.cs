using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Twins.Silo.Health;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>Runs the broker links that are configured.</summary>
internal sealed class BrokerLinks : BackgroundService
{
    private readonly TwinsOptions _options;
    private readonly IServiceProvider _services;

    public BrokerLinks(IOptions<TwinsOptions> options, LinkStates states, TwinsMetrics metrics, IServiceProvider services)
    {
        _options = options.Value;
        _services = services;
        metrics.Gauges("twins.broker.connected", "{connection}", "Broker links that are connected.", () => Measure(states, link => link.Connected ? 1 : 0));
        metrics.Gauges("twins.broker.protocol", "{version}", "MQTT version of connected broker links: 5, 4 for MQTT 3.1.1, or 0 without a connection.", () => Measure(states, ProtocolLevel));
    }

    /// <summary>What is under way is acknowledged before the links say goodbye; what takes longer the brokers send again.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Shutdown.Messages);
        await base.StopAsync(limit.Token);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_options.Mqtt.Brokers.Select((broker, index) =>
        ActivatorUtilities.CreateInstance<BrokerLink>(_services, broker, _options.Cluster, $"{TwinsOptions.Section}:Mqtt:Brokers:{index}").Run(stoppingToken)));

    /// <summary>The protocol level of the CONNECT packet.</summary>
    private static long ProtocolLevel(LinkHealth link) => link.Protocol switch
    {
        BrokerProtocol.Mqtt5 => 5,
        BrokerProtocol.Mqtt311 => 4,
        _ => 0,
    };

    private static IEnumerable<Measurement<long>> Measure(LinkStates states, Func<LinkHealth, long> read) =>
        states.Read().Select(link => new Measurement<long>(read(link), new KeyValuePair<string, object?>("link", link.Name)));
}
