using System.Collections.Frozen;

namespace Twins.Tests.Harness;

/// <summary>
/// Silos that come and go, each with a gateway, a REST API that is a client of them, and the Redis they meet at; settings are all that
/// joins them.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SiloProcess> _silos = [];
    private readonly string _redis;
    private readonly RedisProcess? _ownRedis;
    private readonly IReadOnlyDictionary<string, string> _more;

    private Cluster(string redis, RedisProcess? ownRedis, IReadOnlyDictionary<string, string>? more)
    {
        _redis = redis;
        _ownRedis = ownRedis;
        _more = more ?? FrozenDictionary<string, string>.Empty;
        Api = TwinsProcess.Launch(Settings("Remote"));
        Rest = new TwinsRest(Api.Url);
    }

    /// <summary>The silos, those that were ended as well.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The first silo.</summary>
    public SiloProcess A => _silos[0];

    /// <summary>The second.</summary>
    public SiloProcess B => _silos[1];

    /// <summary>The API.</summary>
    public TwinsProcess Api { get; }

    /// <summary>Its REST.</summary>
    public TwinsRest Rest { get; }

    /// <summary>Starts an API, and no silo yet; returns at once.</summary>
    /// <param name="more">Further settings of all processes.</param>
    public static async Task<Cluster> StartApi(IReadOnlyDictionary<string, string>? more = null)
    {
        var redis = await RedisProcess.Start();
        return new Cluster(redis.ConnectionString, redis, more);
    }

    /// <summary>Starts silos and the API all at once, as an orchestrator does; returns when all are ready.</summary>
    /// <param name="redis">A store of somebody else's; null for one of its own.</param>
    /// <param name="silos">How many.</param>
    /// <param name="more">Further settings of all processes.</param>
    public static async Task<Cluster> Start(int silos = 2, string? redis = null, IReadOnlyDictionary<string, string>? more = null)
    {
        var cluster = redis is null ? await StartApi(more) : new Cluster(redis, null, more);
        try
        {
            for (var i = 0; i < silos; i++)
            {
                cluster.Launch();
            }

            await Task.WhenAll([.. cluster._silos.Select(silo => silo.IsReady()), cluster.Api.Ready()]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a further silo; returns at once.</summary>
    /// <param name="program">Another build of it.</param>
    public SiloProcess Launch(string? program = null)
    {
        var silo = SiloProcess.Launch(Settings("Embedded"), program);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Ends a silo as an orchestrator does and starts it again at the same ports; returns when it is ready.</summary>
    /// <param name="program">Another build of it.</param>
    public async Task<SiloProcess> Restart(int number, string? program = null)
    {
        var old = _silos[number];
        Assert.Equal(0, await old.Stop());
        return await StartAgain(number, program);
    }

    /// <summary>Starts a silo that has ended at the same ports; returns when it is ready.</summary>
    public Task<SiloProcess> StartAgain(SiloProcess silo) => StartAgain(_silos.IndexOf(silo));

    /// <inheritdoc cref="StartAgain(SiloProcess)"/>
    /// <param name="number">Which.</param>
    /// <param name="program">Another build of it.</param>
    public async Task<SiloProcess> StartAgain(int number, string? program = null)
    {
        var settings = _silos[number].Settings;
        await _silos[number].DisposeAsync();
        var silo = _silos[number] = SiloProcess.Launch(settings, program);
        await silo.IsReady();
        return silo;
    }

    /// <summary>Adds what the processes printed to a test's output, if it failed.</summary>
    public void ShowIfFailed()
    {
        TestOutput.ShowIfFailed("the API", Api.Output);
        for (var i = 0; i < _silos.Count; i++)
        {
            TestOutput.ShowIfFailed($"silo {i}", _silos[i].Output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ShowIfFailed();
        Rest.Dispose();
        await Api.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        if (_ownRedis is not null)
        {
            await _ownRedis.DisposeAsync();
        }

        _folder.Dispose();
    }

    private TwinsSettings Settings(string silo) => new()
    {
        DataDirectory = _folder.In("data"),
        Redis = _redis,
        More = new Dictionary<string, string>(_more, StringComparer.Ordinal) { ["Twins:Api:Silo"] = silo },
    };
}
