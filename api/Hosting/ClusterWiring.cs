using Orleans.Configuration;
using Orleans.Dashboard;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>
/// How the API gets at the grains: all of it, in one place. Endpoints know no more of it than the
/// <see cref="IGrainFactory"/> in the container.
/// </summary>
internal static class ClusterWiring
{
    /// <summary>
    /// How soon a silo that has come, or come back, is used, and one that stands still is not used any more. It is one read
    /// of one key, ten times a second.
    /// </summary>
    private static readonly TimeSpan LookForSilosEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a call waits whose answer is lost with a silo on the way. Calls that wait for a device say so themselves
    /// (<see cref="Contracts.Twins.ITwinGrain.GetCommand"/>).
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds an <see cref="IGrainFactory"/>, as <c>Twins:Api:Silo</c> says.</summary>
    public static void AddTwinsCluster(this WebApplicationBuilder builder, TwinsOptions options)
    {
        switch (options.Api.Silo)
        {
            case ApiSiloMode.Embedded:
                builder.AddTwinsSilo(options);
                break;
            case ApiSiloMode.Remote:
                AddRemoteSilo(builder, options);
                break;
            case ApiSiloMode.None:
            default:
                break;
        }
    }

    /// <summary>A client of the cluster that keeps its membership in the Redis of its store.</summary>
    private static void AddRemoteSilo(WebApplicationBuilder builder, TwinsOptions options)
    {
        builder.UseOrleansClient(client =>
        {
            client
                .Configure<ClusterOptions>(cluster =>
                {
                    cluster.ServiceId = options.Cluster.ServiceId;
                    cluster.ClusterId = options.Cluster.ClusterId;
                })
                .Configure<Orleans.Configuration.GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = LookForSilosEvery)
                .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = Patience)
                .UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Store.Redis));
            if (options.Dashboard.IsServed())
            {
                client.AddDashboard();
            }
        });

        // A cluster that is not there yet is no reason to die: the API waits for it and is not ready meanwhile.
        builder.Services.AddSingleton<IClientConnectionRetryFilter, ConnectForever>();
    }
}
