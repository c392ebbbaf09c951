using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Broker;

/// <summary>Runs the broker links that are configured.</summary>
internal sealed class BrokerLinks(IOptions<TwinsOptions> options, IServiceProvider services) : BackgroundService
{
    /// <summary>What is under way is acknowledged before the links say goodbye; what takes longer the brokers send again.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Shutdown.Messages);
        await base.StopAsync(limit.Token);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Value.Mqtt.Brokers.Select(broker =>
        ActivatorUtilities.CreateInstance<BrokerLink>(services, broker, options.Value.Cluster).Run(stoppingToken)));
}
