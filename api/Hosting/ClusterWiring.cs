using Orleans.Configuration;
using StackExchange.Redis;

namespace Twins.Api.Hosting;

/// <summary>
/// How the API gets at the grains: all of it, in one place. Endpoints know no more of it than the
/// <see cref="IGrainFactory"/> in the container.
/// </summary>
internal static class ClusterWiring
{
    /// <summary>Adds an <see cref="IGrainFactory"/>, as <c>Twins:Api:Silo</c> says.</summary>
    public static void AddTwinsCluster(this WebApplicationBuilder builder)
    {
        var mode = builder.Configuration.GetValue($"{ApiOptions.Section}:{nameof(ApiOptions.Silo)}", SiloMode.Embedded);
        switch (mode)
        {
            case SiloMode.Embedded:
                AddEmbeddedSilo(builder);
                break;
            case SiloMode.Remote:
                AddRemoteSilo(builder);
                break;
            default:
                break;
        }
    }

    /// <summary>The API's own silo, in this process.</summary>
    private static void AddEmbeddedSilo(WebApplicationBuilder builder) =>
        builder.UseOrleans(silo => silo.UseLocalhostClustering());

    /// <summary>A client of the cluster that keeps its membership in the Redis of its store.</summary>
    private static void AddRemoteSilo(WebApplicationBuilder builder)
    {
        var redis = builder.Configuration["Twins:Store:Redis"];
        if (string.IsNullOrWhiteSpace(redis))
        {
            throw new InvalidOperationException(
                "Twins:Api:Silo is Remote and Twins:Store:Redis is empty; a remote API finds its cluster in Redis: set the connection string that the silos use.");
        }

        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster =>
            {
                cluster.ServiceId = builder.Configuration["Twins:Cluster:ServiceId"] ?? "twins";
                cluster.ClusterId = builder.Configuration["Twins:Cluster:ClusterId"] ?? "default";
            })
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis)));

        // A cluster that is not there yet is no reason to die: the API waits for it and is not ready meanwhile.
        builder.Services.AddSingleton<IClientConnectionRetryFilter, ConnectForever>();
    }
}
