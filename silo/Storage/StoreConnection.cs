using System.Net.Sockets;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>
/// The one connection of this process to its store, shared by Orleans' providers and ours. The embedded store is
/// started with the first use, and ended with this.
/// </summary>
internal sealed class StoreConnection(IOptions<TwinsOptions> options, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;
    private EmbeddedStore? _embedded;

    /// <summary>It is a Redis Cluster, where one command may touch the keys of one slot only.</summary>
    public bool IsCluster { get; private set; }

    public async ValueTask<IDatabase> Database() => (await Multiplexer()).GetDatabase();

    public Task<IConnectionMultiplexer> Multiplexer()
    {
        lock (_gate)
        {
            return _connection ??= Connect();
        }
    }

    /// <summary>
    /// Returns when everything that the store has answered is durable, as far as that is the platform's to see to: a
    /// Redis does it before it answers (<c>appendfsync always</c>).
    /// </summary>
    public ValueTask Commit() => _embedded?.Commit() ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsCompletedSuccessfully: true } connection)
        {
            await (await connection).DisposeAsync();
        }

        _embedded?.Dispose();
    }

    private async Task<IConnectionMultiplexer> Connect()
    {
        var configuration = Configuration(options.Value.Store);
        configuration.LoggerFactory = loggers;
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            IsCluster = Array.Exists(connection.GetServers(), server => server.ServerType == ServerType.Cluster);
            if (_embedded is not null)
            {
                await StoreMark.Check(connection.GetDatabase(), _embedded);
            }

            return connection;
        }
        catch (RedisConnectionException exception)
        {
            throw new StartupRefusedException(
                $"Redis at {string.Join(", ", configuration.EndPoints)} does not answer; start it, or correct Twins:Store:Redis.", exception);
        }
    }

    private ConfigurationOptions Configuration(StoreOptions store)
    {
        if (store.Redis.Length == 0)
        {
            _embedded = EmbeddedStore.Start(store, loggers);
            return new ConfigurationOptions
            {
                EndPoints = { new UnixDomainSocketEndPoint(_embedded.Socket) },
                ClientName = "twins",
                // In this process nothing is lost on the way: a slow answer is a busy disk, and worth waiting for.
                AsyncTimeout = 30_000,
                SyncTimeout = 30_000,
            };
        }

        try
        {
            var configuration = ConfigurationOptions.Parse(store.Redis);
            configuration.ClientName ??= "twins";
            return configuration;
        }
        catch (ArgumentException exception)
        {
            throw new StartupRefusedException($"Twins:Store:Redis is no StackExchange.Redis connection string ({exception.Message}); write for example 127.0.0.1:6379.", exception);
        }
    }
}
