using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Contracts.Storage;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>The connection of this process to Redis, shared by Orleans' providers and the store.</summary>
internal sealed class RedisConnection(IOptions<TwinsOptions> options, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;
    private volatile Exception? _refusal;

    /// <summary>Occurs when a connection that was lost is there again, perhaps to another server or one with other settings.</summary>
    public event EventHandler? Restored;

    /// <summary>Gets whether it is a Redis Cluster, where one command may touch the keys of one slot only.</summary>
    public bool IsCluster { get; private set; }

    /// <summary>Returns the database; connects if that was not done yet.</summary>
    public async ValueTask<IDatabase> DatabaseAsync() => (await MultiplexerAsync()).GetDatabase();

    /// <summary>Returns the connection; connects if that was not done yet.</summary>
    /// <exception cref="StartupRefusedException">Redis cannot be reached, or refuses the connection.</exception>
    public Task<IConnectionMultiplexer> MultiplexerAsync()
    {
        lock (_gate)
        {
            return _connection ??= ConnectAsync();
        }
    }

    /// <summary>
    /// Returns what an error of a command means. The client says only that it has no connection for the command; here it is known
    /// whether the last connection was refused, and whether there are connections to replicas alone.
    /// </summary>
    public StoreException FaultOf(Exception exception)
    {
        var fault = RedisFaults.Of(exception);
        return fault.Fault != StoreFault.Unreachable ? fault
            : _refusal is { } refusal ? new StoreException(StoreFault.Denied, RedisFaults.Refused, refusal)
            : HasReplicasOnly() ? new StoreException(StoreFault.ReadOnly, RedisFaults.Replica, exception)
            : fault;
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
        var configuration = RedisEndPoints.Parse(options.Value.Store.Redis);
        configuration.LoggerFactory = loggers;
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            connection.ConnectionFailed += (_, failed) => _refusal = RedisFaults.IsRefusal(failed.Exception) ? failed.Exception : null;
            connection.ConnectionRestored += (_, _) =>
            {
                _refusal = null;
                Restored?.Invoke(this, EventArgs.Empty);
            };
            IsCluster = Array.Exists(connection.GetServers(), server => server.ServerType == ServerType.Cluster);
            return connection;
        }
        catch (RedisConnectionException exception)
        {
            throw new StartupRefusedException(await RedisDiagnosis.OfAsync(configuration, exception), exception);
        }
    }

    private bool HasReplicasOnly()
    {
        if (_connection is not { IsCompletedSuccessfully: true } connection)
        {
            return false;
        }

        var servers = Array.FindAll(connection.Result.GetServers(), server => server.IsConnected);
        return servers.Length > 0 && Array.TrueForAll(servers, server => server.IsReplica);
    }
}
