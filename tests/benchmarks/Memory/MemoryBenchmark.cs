using System.Diagnostics;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Memory;

/// <summary>What a twin that is in memory takes there.</summary>
internal static class MemoryBenchmark
{
    private const int DefaultTwins = 50_000;
    private const int DocumentBytes = 300;

    // What a process grows by at first, code and pools, is not the twins'.
    private const int FirstTwins = 5_000;

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(30);

    public static async Task Run(Options options)
    {
        var twins = options.Number("twins", DefaultTwins);
        var plan = LoadPlan.From(options, DocumentBytes);
        var report = new Report($"memory of {twins} twins with {plan.PayloadBytes} bytes reported, their devices connected", "bytes per twin");
        foreach (var store in options.Stores("both"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            await using var load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
            await load.Send(0, FirstTwins, 4);
            var (before, heapBefore, storeBefore) = await Settled(servers);
            await load.Each(FirstTwins, twins);
            var (after, heapAfter, storeAfter) = await Settled(servers);
            report.Add(
                $"{store}",
                ("MiB first", Math.Round(before / 1048576.0)),
                ("MiB then", Math.Round(after / 1048576.0)),
                ("per twin", Math.Round((double)(after - before) / twins)),
                ("heap", Math.Round((double)(heapAfter - heapBefore) / twins)),
                ("in Redis", Math.Round((double)(storeAfter - storeBefore) / twins)));
        }

        report.Print(options);
    }

    /// <summary>Waits until the process has nothing more to do and has collected its garbage.</summary>
    private static async Task<(long WorkingSet, long Heap, long Store)> Settled(Servers servers)
    {
        var process = servers.Twins.Id;
        var heap = await GarbageCollection.Force(process);
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        var last = ProcessUsage.Of(process);
        while (watch.Elapsed < s_settle && await timer.WaitForNextTickAsync())
        {
            var now = ProcessUsage.Of(process);
            var quiet = now.CpuSeconds - last.CpuSeconds < 0.1 && Math.Abs(now.WorkingSet - last.WorkingSet) < last.WorkingSet / 100;
            last = now;
            if (quiet)
            {
                break;
            }
        }

        return (last.WorkingSet, heap, servers.StoreProcess is { } store ? ProcessUsage.Of(store).WorkingSet : 0);
    }
}
