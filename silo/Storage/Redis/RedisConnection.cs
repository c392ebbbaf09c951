using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>The connection of this process to Redis, shared by Orleans' providers and the store.</summary>
internal sealed class RedisConnection(IOptions<TwinsOptions> options, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;

    /// <summary>Gets whether it is a Redis Cluster, where one command may touch the keys of one slot only.</summary>
    public bool IsCluster { get; private set; }

    /// <summary>Returns the database; connects if that was not done yet.</summary>
    public async ValueTask<IDatabase> DatabaseAsync() => (await MultiplexerAsync()).GetDatabase();

    /// <summary>Returns the connection; connects if that was not done yet.</summary>
    /// <exception cref="StartupRefusedException">Redis cannot be reached.</exception>
    public Task<IConnectionMultiplexer> MultiplexerAsync()
    {
        lock (_gate)
        {
            return _connection ??= ConnectAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsCompletedSuccessfully: true } connection)
        {
            await (await connection).DisposeAsync();
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAsync()
    {
        var configuration = Configuration(options.Value.Store);
        configuration.LoggerFactory = loggers;
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            IsCluster = Array.Exists(connection.GetServers(), server => server.ServerType == ServerType.Cluster);
            return connection;
        }
        catch (RedisConnectionException exception)
        {
            throw new StartupRefusedException(
                $"Redis at {string.Join(", ", configuration.EndPoints)} does not answer; start it, or correct Twins:Store:Redis.", exception);
        }
    }

    private static ConfigurationOptions Configuration(StoreOptions store)
    {
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
