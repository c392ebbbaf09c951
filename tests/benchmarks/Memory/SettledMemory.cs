using System.Diagnostics;

namespace Twins.Benchmarks.Memory;

/// <summary>What processes hold when they have nothing more to do, bytes.</summary>
/// <param name="WorkingSet">Of the platform.</param>
/// <param name="Heap">Its managed heap, without garbage.</param>
/// <param name="Store">Working set of the store, where that is a process of its own.</param>
internal sealed record SettledMemory(long WorkingSet, long Heap, long Store)
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the platform has nothing more to do and has collected its garbage.</summary>
    public static async Task<SettledMemory> Of(Servers servers)
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

        return new(last.WorkingSet, heap, servers.StoreProcess is { } store ? ProcessUsage.Of(store).WorkingSet : 0);
    }
}
