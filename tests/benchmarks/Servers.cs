using System.Diagnostics;

namespace Twins.Benchmarks;

/// <summary>A platform process on a store of its own, empty at first.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess? _redis;
    private readonly TwinsProcess _twins;

    private Servers(RedisProcess? redis, int? brokerPort, bool index)
    {
        _redis = redis;
        var settings = new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            Redis = redis?.ConnectionString,
            BrokerPort = brokerPort,
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Fleet:Index"] = index ? "true" : "false",

                // Its runtime is reached over a socket there, and whoever looks for it looks in their own folder.
                ["TMPDIR"] = Path.GetTempPath(),
            },
        };
        Launched = Stopwatch.GetTimestamp();
        _twins = TwinsProcess.Launch(settings);
    }

    /// <summary>When the platform's process was started.</summary>
    public long Launched { get; }

    public TwinsProcess Twins => _twins;

    /// <summary>The process of the store, where it is not the platform's.</summary>
    public int? StoreProcess => _redis?.Id;

    /// <summary>Starts the store if it is a server, then the platform; does not wait for the latter.</summary>
    /// <param name="brokerPort">A broker on this machine to link to.</param>
    /// <param name="index">Whether it keeps the fleet index.</param>
    public static async Task<Servers> Launch(Store store, int? brokerPort = null, bool index = true) =>
        new(store == Store.Redis ? await RedisProcess.Start() : null, brokerPort, index);

    public async ValueTask DisposeAsync()
    {
        await _twins.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _folder.Dispose();
    }
}
