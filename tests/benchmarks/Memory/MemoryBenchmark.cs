using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Memory;

/// <summary>What a twin that is in memory takes there.</summary>
internal static class MemoryBenchmark
{
    /// <summary>Twins that are made first: what a process grows by at first, code and pools, is not the twins'.</summary>
    public const int FirstTwins = 5_000;

    private const int DefaultTwins = 50_000;
    private const int DocumentBytes = 300;

    public static async Task Run(Options options)
    {
        var twins = options.Number("twins", DefaultTwins);
        var index = options.Switch("index", true);
        var plan = LoadPlan.From(options, DocumentBytes);
        var report = new Report(
            $"memory of {twins} twins with {plan.PayloadBytes} bytes reported, their devices connected, {(index ? "with" : "without")} the fleet index",
            "bytes per twin");
        foreach (var store in options.Stores("both"))
        {
            await using var servers = await Servers.Launch(store, index: index);
            await servers.Twins.Ready();
            await using var load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
            await load.Send(0, FirstTwins, 4);
            var before = await SettledMemory.Of(servers);
            await load.Each(FirstTwins, twins);
            var after = await SettledMemory.Of(servers);
            report.Add($"{store}", Cells(before, after, twins));
        }

        report.Print(options);
    }

    /// <summary>What so many twins have added.</summary>
    public static (string Column, double Value)[] Cells(SettledMemory before, SettledMemory after, int twins) =>
    [
        ("MiB first", Math.Round(before.WorkingSet / 1048576.0)),
        ("MiB then", Math.Round(after.WorkingSet / 1048576.0)),
        ("per twin", Math.Round((double)(after.WorkingSet - before.WorkingSet) / twins)),
        ("heap", Math.Round((double)(after.Heap - before.Heap) / twins)),
        ("in Redis", Math.Round((double)(after.Store - before.Store) / twins)),
    ];
}
