using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Harness;

/// <summary>A whole silo in this process on an embedded store in a temporary folder, with storage that can be made to fail.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("twins-silo-tests-").FullName;
    private IHost? _host;
    private int _next;

    /// <summary>The storage of twins, to be held up and broken.</summary>
    internal TroubledStorage Storage { get; private set; } = null!;

    public IServiceProvider Services => _host!.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public int GatewayPort { get; } = Loopback.FreePort();

    /// <summary>An id that no other test uses.</summary>
    public string NewId() => $"test:device-{Interlocked.Increment(ref _next)}";

    public ITwinGrain Twin(string id) => Grains.GetGrain<ITwinGrain>(id);

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Twins:Store:DataDirectory"] = _data,
            ["Twins:Mqtt:Gateway:Port"] = $"{GatewayPort}",
        });
        // Storage that fails on purpose would fill the log.
        builder.Logging.ClearProviders();
        builder.AddTwinsSilo(builder.AddTwinsOptions());
        var real = builder.Services.Single(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Twins));
        builder.Services.Remove(real);
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            StorageNames.Twins,
            (services, key) => Storage = new TroubledStorage((IGrainStorage)real.KeyedImplementationFactory!(services, key)));
        _host = builder.Build();
        await _host.OpenTwinsStoreAsync();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
