namespace Twins.Benchmarks.Cluster;

/// <summary>A number of platform processes, each with REST, a gateway and a silo, on one Redis that is empty at first.</summary>
internal sealed class ClusterServers : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess _redis;
    private readonly List<TwinsProcess> _processes = [];

    private ClusterServers(RedisProcess redis) => _redis = redis;

    public IReadOnlyList<TwinsProcess> Processes => _processes;

    /// <summary>CPU seconds of all platform processes up to now.</summary>
    public double Cpu => _processes.Sum(process => ProcessUsage.Of(process.Id).CpuSeconds);

    /// <summary>CPU seconds of the store up to now.</summary>
    public double StoreCpu => ProcessUsage.Of(_redis.Id).CpuSeconds;

    /// <summary>Of all platform processes, bytes.</summary>
    public long WorkingSet => _processes.Sum(process => ProcessUsage.Of(process.Id).WorkingSet);

    /// <summary>What a StackExchange.Redis connects to the store with.</summary>
    public string Store => _redis.ConnectionString;

    /// <summary>Starts all; returns when all are ready.</summary>
    public static async Task<ClusterServers> Start(int processes)
    {
        var servers = new ClusterServers(await RedisProcess.Start());
        try
        {
            for (var i = 0; i < processes; i++)
            {
                servers._processes.Add(TwinsProcess.Launch(new TwinsSettings { DataDirectory = servers._folder.In("data"), Redis = servers._redis.ConnectionString }));
            }

            foreach (var process in servers._processes)
            {
                await process.Ready();
            }

            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _folder.Dispose();
    }
}
