using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Contracts.Storage;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>
/// Checks that every master of Redis makes durable what it acknowledges: after connecting, after each reconnection, and every minute.
/// </summary>
internal sealed partial class RedisDurability(
    RedisConnection redis,
    StoreHealth health,
    IOptions<TwinsOptions> options,
    ILogger<RedisDurability> logger) : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    /// <summary>Follows a check that found a problem, or got no answer: a remedy is to be seen soon.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly StoreDurability _mode = options.Value.Store.Durability
        ?? (RedisEndPoints.AreLocal(RedisEndPoints.Parse(options.Value.Store.Redis)) ? StoreDurability.Warn : StoreDurability.Require);

    private readonly SemaphoreSlim _restored = new(0);
    private string? _noted;

    /// <summary>Checks once, at start.</summary>
    /// <exception cref="StartupRefusedException">Redis is not durable, or does not say that it is, and that is required.</exception>
    public async Task CheckAtStartAsync()
    {
        if (_mode == StoreDurability.Off)
        {
            return;
        }

        try
        {
            var problem = await CheckAsync();
            if (problem is not null && _mode == StoreDurability.Require)
            {
                throw new StartupRefusedException($"{problem}, or set Twins:Store:Durability to Warn.");
            }

            Note(problem);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new StartupRefusedException($"Redis does not answer whether it is durable ({RedisFaults.Of(exception).Message}); start it, or correct Twins:Store:Redis.", exception);
        }
    }

    public override void Dispose()
    {
        redis.Restored -= OnRestored;
        _restored.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_mode == StoreDurability.Off)
        {
            return;
        }

        redis.Restored += OnRestored;
        try
        {
            var next = CheckInterval;
            while (true)
            {
                await _restored.WaitAsync(next, stoppingToken);
                next = await TryCheckAsync() ? CheckInterval : RetryInterval;
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task<bool> TryCheckAsync()
    {
        try
        {
            var problem = await CheckAsync();
            Note(problem);
            return problem is null;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // StoreProbe reports a Redis that does not answer; what was found before still holds.
            return false;
        }
    }

    private async Task<RedisDurabilityProblem?> CheckAsync()
    {
        var servers = (await redis.MultiplexerAsync()).GetServers();
        foreach (var server in servers)
        {
            if (server is { IsConnected: true, IsReplica: false } && server.ServerType != ServerType.Sentinel && await RedisPersistence.CheckAsync(server) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private void Note(RedisDurabilityProblem? problem)
    {
        var isRequired = _mode == StoreDurability.Require;
        health.NotDurable = problem is not null && isRequired ? new StoreException(StoreFault.NotDurable, problem.ToString()) : null;
        if (problem?.ToString() == _noted)
        {
            return;
        }

        _noted = problem?.ToString();
        if (problem is null)
        {
            Durable();
        }
        else
        {
            NotDurable(isRequired ? LogLevel.Error : LogLevel.Warning, problem.Found, problem.Remedy);
        }
    }

    private void OnRestored(object? sender, EventArgs e) => _restored.Release();

    [LoggerMessage(EventId = LogEvents.StoreNotDurable, Message = "{Problem}; {Remedy}.")]
    private partial void NotDurable(LogLevel level, string problem, string remedy);

    [LoggerMessage(LogEvents.StoreDurable, LogLevel.Information, "Redis is durable again: appendonly, appendfsync and maxmemory-policy are as needed.")]
    private partial void Durable();
}
