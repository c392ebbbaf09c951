using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Broker;

/// <summary>Runs the broker links that are configured.</summary>
internal sealed class BrokerLinks(IOptions<TwinsOptions> options, IServiceProvider services) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Value.Mqtt.Brokers.Select(broker =>
        ActivatorUtilities.CreateInstance<BrokerLink>(services, broker, options.Value.Cluster).Run(stoppingToken)));
}
