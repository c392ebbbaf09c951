using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Tests.Storage;

/// <summary>A store as a silo adds it, without the silo.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreHost(ServiceProvider services) => _services = services;

    public IStateStore Store => _services.GetRequiredService<IStateStore>();

    public IServiceProvider Services => _services;

    /// <summary>What is known of it.</summary>
    public StoreHealth Health => _services.GetRequiredService<StoreHealth>();

    /// <summary>Opens the store and has it verified.</summary>
    public static async Task<StoreHost> OpenAsync(TwinsOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics().AddSerializer();
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<TwinsMetrics>();
        services.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (options.Cluster.ServiceId, options.Cluster.ClusterId));
        services.AddTwinsStore(options);
        var host = new StoreHost(services.BuildServiceProvider());
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task StartAsync()
    {
        await Store.OpenAsync();

        // Orleans' provider connects when its silo starts.
        var lifecycle = new SiloLifecycleSubject(_services.GetRequiredService<ILogger<SiloLifecycleSubject>>());
        foreach (var participant in _services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(lifecycle);
        }

        await lifecycle.OnStart(CancellationToken.None);
        if (Store.VerifyAsync(CancellationToken.None) is { } pages)
        {
            await foreach (var _ in pages)
            {
                // Reading the pages is what verifies.
            }
        }
    }
}
