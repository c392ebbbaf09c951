using System.Collections.Frozen;

namespace Twins.Tests.Harness;

/// <summary>Two silos with a gateway each, a REST API without a silo, and the Redis they meet at; settings are all that joins them.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess _redis;

    private Cluster(RedisProcess redis) => _redis = redis;

    /// <summary>One silo.</summary>
    public SiloProcess A { get; private set; } = null!;

    /// <summary>The other.</summary>
    public SiloProcess B { get; private set; } = null!;

    /// <summary>The API.</summary>
    public TwinsProcess Api { get; private set; } = null!;

    /// <summary>Its REST.</summary>
    public TwinsRest Rest { get; private set; } = null!;

    /// <summary>Starts everything; returns when the API is ready and both gateways listen.</summary>
    /// <param name="more">Further settings of all processes.</param>
    public static async Task<Cluster> Start(IReadOnlyDictionary<string, string>? more = null)
    {
        var cluster = new Cluster(await RedisProcess.Start());
        try
        {
            // All at once, as an orchestrator does.
            cluster.Api = TwinsProcess.Launch(cluster.Settings(more, "Remote"));
            cluster.A = SiloProcess.Launch(cluster.Settings(more));
            cluster.B = SiloProcess.Launch(cluster.Settings(more));
            await Task.WhenAll(cluster.Api.Ready(), cluster.A.Ready(), cluster.B.Ready());
            cluster.Rest = new TwinsRest(cluster.Api.Url);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts silo B with the same settings; it must be gone.</summary>
    public Task StartBAgain() => StartAgain(B);

    /// <summary>Starts a silo with the same settings; it must be gone.</summary>
    public async Task<SiloProcess> StartAgain(SiloProcess silo)
    {
        await silo.DisposeAsync();
        var again = SiloProcess.Launch(silo.Settings);
        (A, B) = silo == A ? (again, B) : (A, again);
        await again.Ready();
        return again;
    }

    /// <summary>Adds what the processes printed to a test's output, if it failed.</summary>
    public void ShowIfFailed()
    {
        TestOutput.ShowIfFailed("the API", Api.Output);
        TestOutput.ShowIfFailed("silo A", A.Output);
        TestOutput.ShowIfFailed("silo B", B.Output);
    }

    public async ValueTask DisposeAsync()
    {
        Rest?.Dispose();
        foreach (var process in new IAsyncDisposable?[] { Api, A, B, _redis })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private TwinsSettings Settings(IReadOnlyDictionary<string, string>? more, string silo = "Embedded") => new()
    {
        DataDirectory = _folder.In("data"),
        Redis = _redis.ConnectionString,
        More = new Dictionary<string, string>(more ?? FrozenDictionary<string, string>.Empty, StringComparer.Ordinal) { ["Twins:Api:Silo"] = silo },
    };
}
