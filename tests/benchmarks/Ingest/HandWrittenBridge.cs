using System.Globalization;
using StackExchange.Redis;

namespace Twins.Benchmarks.Ingest;

/// <summary>The bridge that one writes by hand (<c>peer/bridge.js</c>) on a Redis of its own.</summary>
internal sealed class HandWrittenBridge : ISubscriber
{
    private static readonly TimeSpan s_installDeadline = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess _redis;
    private ConnectionMultiplexer? _connection;
    private ChildProcess? _bridge;

    private HandWrittenBridge(RedisProcess redis) => _redis = redis;

    public int Process => _bridge!.Id;

    public int? StoreProcess => _redis.Id;

    private IDatabase Database => _connection!.GetDatabase();

    public static async Task<ISubscriber> Start(int brokerPort)
    {
        var bridge = new HandWrittenBridge(await RedisProcess.Start());
        try
        {
            await bridge.Install();
            await bridge.Launch(brokerPort);
            return bridge;
        }
        catch
        {
            await bridge.DisposeAsync();
            throw;
        }
    }

    public Task<bool> Has(string twinId) => Database.KeyExistsAsync($"twin:{twinId}");

    public async Task<long> Revisions()
    {
        long sum = 0;
        var server = _connection!.GetServers()[0];
        foreach (var keys in server.Keys(pattern: "twin:*", pageSize: 1000).Chunk(1000))
        {
            var revisions = await Task.WhenAll(keys.Select(key => Database.HashGetAsync(key, "revision")));
            sum += revisions.Sum(revision => (long)revision);
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        if (_bridge is not null)
        {
            await _bridge.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    private async Task Install()
    {
        var source = Path.Combine(Repository.Root, "tests", "benchmarks", "peer");
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, _folder.In(Path.GetFileName(file)));
        }

        await using var npm = ChildProcess.Start(
            "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], workingDirectory: _folder.Path);
        if (await npm.WaitForExit(s_installDeadline) != 0)
        {
            throw new InvalidOperationException($"npm ci has failed:\n{npm.Output}");
        }
    }

    private async Task Launch(int brokerPort)
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        _bridge = ChildProcess.Start(
            "node",
            [_folder.In("bridge.js"), $"{brokerPort}", _redis.Port.ToString(CultureInfo.InvariantCulture)],
            workingDirectory: _folder.Path);
        await Eventually.Is(
            () => _bridge.HasExited
                ? throw new InvalidOperationException($"the bridge ended with {_bridge.ExitCode}:\n{_bridge.Output}")
                : _bridge.Output.Contains("subscribed", StringComparison.Ordinal),
            "the bridge to subscribe");
    }
}
