namespace Twins.Tests.Harness;

/// <summary>A real Redis Cluster: three masters without replicas on free loopback ports, durable as in production.</summary>
public sealed class RedisClusterProcess : IAsyncDisposable
{
    private const int Masters = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly List<ChildProcess> _nodes = [];
    private readonly List<int> _ports = [];

    private RedisClusterProcess()
    {
    }

    /// <summary>For <c>Twins:Store:Redis</c>.</summary>
    public string ConnectionString => string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"));

    /// <summary>Where each node listens.</summary>
    public IReadOnlyList<int> Ports => _ports;

    /// <summary>Starts the nodes and makes a cluster of them; returns when all slots are served.</summary>
    public static async Task<RedisClusterProcess> Start()
    {
        var cluster = new RedisClusterProcess();
        try
        {
            for (var i = 0; i < Masters; i++)
            {
                await cluster.StartNode();
            }

            await RedisCli.Run(["--cluster", "create", .. cluster._ports.Select(port => $"127.0.0.1:{port}"), "--cluster-replicas", "0", "--cluster-yes"]);
            foreach (var port in cluster._ports)
            {
                await Eventually.Is(
                    async () => (await RedisCli.Run(["-p", $"{port}", "cluster", "info"])).Contains("cluster_state:ok", StringComparison.Ordinal),
                    $"the Redis Cluster to be whole at {port}");
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many keys each node holds.</summary>
    public async Task<IReadOnlyList<int>> Keys()
    {
        var keys = new List<int>();
        foreach (var port in _ports)
        {
            keys.Add(int.Parse((await RedisCli.Run(["-p", $"{port}", "dbsize"])).Trim(), System.Globalization.CultureInfo.InvariantCulture));
        }

        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartNode()
    {
        var port = Loopback.FreePort();
        var folder = _folder.In($"node-{port}");
        Directory.CreateDirectory(folder);
        var node = ChildProcess.Start(
            Component.Redis.RequiredPath,
            [
                "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--cluster-enabled", "yes", "--cluster-port", $"{Loopback.FreePort()}",
                "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "",
            ]);
        _nodes.Add(node);
        _ports.Add(port);
        await Listening.On(port, node, "redis-server");
    }
}
