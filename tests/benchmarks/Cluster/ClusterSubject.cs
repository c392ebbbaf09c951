using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Cluster;

/// <summary>A cluster of some processes, and the load on their gateways.</summary>
internal sealed class ClusterSubject : IAsyncDisposable
{
    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 20;

    private readonly ClusterServers _servers;
    private readonly List<LoadProcess> _loads = [];
    private readonly List<ClusterRound> _rounds = [];
    private readonly int _devices;

    private ClusterSubject(ClusterServers servers, int devices)
    {
        _servers = servers;
        _devices = devices / servers.Processes.Count;
    }

    /// <summary>How many processes.</summary>
    public int Silos => _servers.Processes.Count;

    /// <summary>What each measured round has come to.</summary>
    public IReadOnlyList<ClusterRound> Rounds => _rounds;

    /// <summary>Of all processes, bytes.</summary>
    public long WorkingSet => _servers.WorkingSet;

    /// <summary>Starts all, makes the twins, and repeats until the code is warm.</summary>
    /// <param name="silos">How many processes.</param>
    /// <param name="plan">The load of all together.</param>
    /// <param name="devices">Of all together.</param>
    public static async Task<ClusterSubject> Start(int silos, LoadPlan plan, int devices)
    {
        var subject = new ClusterSubject(await ClusterServers.Start(silos), devices);
        try
        {
            foreach (var process in subject._servers.Processes)
            {
                subject._loads.Add(await LoadProcess.Open(plan with { Port = process.Settings.MqttPort, Connections = plan.Connections / silos }));
            }

            await subject.Together((load, first, count) => load.Each(first, count));
            await subject.Together((load, first, count) => load.For(first, count, WarmUpSeconds));
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    /// <summary>One round of load on all gateways at once.</summary>
    public async Task Measure(int seconds)
    {
        var (cpu, store) = (_servers.Cpu, _servers.StoreCpu);
        var results = await Together((load, first, count) => load.For(first, count, seconds));
        var messages = results.Sum(result => result.Messages);
        _rounds.Add(new ClusterRound(
            results.Sum(result => result.Rate),
            results.Max(result => result.P99),
            (_servers.Cpu - cpu) / messages * 1000,
            (_servers.StoreCpu - store) / messages * 1000));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads)
        {
            await load.DisposeAsync();
        }

        await _servers.DisposeAsync();
    }

    /// <summary>Each load with devices of its own.</summary>
    private Task<LoadResult[]> Together(Func<LoadProcess, int, int, Task<LoadResult>> run) =>
        Task.WhenAll(_loads.Select((load, i) => run(load, i * _devices, _devices)));
}
