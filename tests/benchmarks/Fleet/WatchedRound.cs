using System.Diagnostics;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>A round of load, and the CPU that all who took part have used in it, seconds a second.</summary>
/// <param name="Sent">What the load has come to.</param>
/// <param name="Platform">CPU of the platform.</param>
/// <param name="Store">CPU of its store, where that is a process of its own.</param>
/// <param name="Watchers">CPU of the watchers, where there are any.</param>
/// <param name="Load">CPU of the load.</param>
internal sealed record WatchedRound(LoadResult Sent, double Platform, double Store, double Watchers, double Load)
{
    /// <summary>Runs it.</summary>
    public static async Task<WatchedRound> Measure(Servers servers, WatchProcess? watchers, Func<Task<LoadResult>> send)
    {
        int?[] processes = [servers.Twins.Id, servers.StoreProcess, watchers?.Id];
        var before = Array.ConvertAll(processes, CpuOf);
        var watch = Stopwatch.StartNew();
        var sent = await send();
        var seconds = watch.Elapsed.TotalSeconds;
        var cpu = processes.Zip(before, (process, earlier) => (CpuOf(process) - earlier) / seconds).ToArray();
        return new(sent, cpu[0], cpu[1], cpu[2], sent.CpuSeconds / seconds);
    }

    private static double CpuOf(int? process) => process is { } id ? ProcessUsage.Of(id).CpuSeconds : 0;
}
