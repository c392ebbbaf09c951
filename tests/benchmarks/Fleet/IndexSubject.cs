using Twins.Benchmarks.Ingest;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>A platform with or without the fleet index, on a store of its own, and devices that publish to it.</summary>
internal sealed class IndexSubject : IAsyncDisposable
{
    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 15;

    private readonly List<IngestRow> _rounds = [];

    private IndexSubject(string name, Servers servers, LoadProcess load)
    {
        Name = name;
        Servers = servers;
        Load = load;
    }

    public string Name { get; }

    public Servers Servers { get; }

    public LoadProcess Load { get; }

    /// <summary>What each round has come to.</summary>
    public IReadOnlyList<IngestRow> Rounds => _rounds;

    /// <summary>Starts all, makes the twins, and repeats until the code is warm.</summary>
    public static async Task<IndexSubject> Start(Store store, bool index, LoadPlan plan, int devices)
    {
        var servers = await Servers.Launch(store, index: index);
        LoadProcess? load = null;
        try
        {
            await servers.Twins.Ready();
            load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
            await load.Each(0, devices);
            await load.For(0, devices, WarmUpSeconds);
            return new($"{store}, index {(index ? "on" : "off")}", servers, load);
        }
        catch
        {
            if (load is not null)
            {
                await load.DisposeAsync();
            }

            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Messages for the devices in turn, as fast as they are acknowledged.</summary>
    public async Task Measure(int devices, int seconds)
    {
        var (serverBefore, storeBefore) = Usage();
        var result = await Load.For(0, devices, seconds);
        var (serverAfter, storeAfter) = Usage();
        _rounds.Add(new IngestRow(
            result,
            result.Rate,
            serverAfter.CpuSeconds - serverBefore.CpuSeconds,
            storeAfter.CpuSeconds - storeBefore.CpuSeconds,
            serverAfter.WorkingSet));
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Servers.DisposeAsync();
    }

    private (ProcessUsage Server, ProcessUsage Store) Usage() =>
        (ProcessUsage.Of(Servers.Twins.Id), Servers.StoreProcess is { } store ? ProcessUsage.Of(store) : new(0, 0));
}
