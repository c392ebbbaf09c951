using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Contracts.Storage;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>The connection of this process to Redis, shared by Orleans' providers and the store.</summary>
internal sealed class RedisConnection(IOptions<TwinsOptions> options, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan RefusalCheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;
    private volatile Exception? _refusal;
    private int _findsRefusal;
    private volatile bool _disposed;

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
        _disposed = true;
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

            // Not awaited: it ends when there is a connection again.
            connection.ConnectionFailed += (_, _) => _ = FindRefusalAsync(connection, configuration);
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

    /// <summary>The client does not tell why it fails to reconnect, so a second connection finds out whether Redis refuses the password.</summary>
    private async Task FindRefusalAsync(ConnectionMultiplexer connection, ConfigurationOptions configuration)
    {
        if (Interlocked.Exchange(ref _findsRefusal, 1) == 1)
        {
            return;
        }

        var trial = configuration.Clone();
        (trial.AbortOnConnectFail, trial.ConnectRetry, trial.ConnectTimeout) = (true, 1, 1000);
        while (true)
        {
            await Task.Delay(RefusalCheckInterval);
            if (_disposed || connection.IsConnected)
            {
                break;
            }

            try
            {
                await using var other = await ConnectionMultiplexer.ConnectAsync(trial);
                _refusal = null;
            }
            catch (RedisConnectionException exception)
            {
                _refusal = RedisFaults.IsRefusal(exception) ? exception : null;
            }
        }

        _refusal = null;
        Volatile.Write(ref _findsRefusal, 0);
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
