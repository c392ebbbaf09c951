using System.Diagnostics;

namespace Twins.Benchmarks.Startup;

/// <summary>From process start to the first accepted message, on an empty store.</summary>
internal static class StartupBenchmark
{
    private const int DefaultRuns = 10;

    public static async Task Run(Options options)
    {
        var runs = options.Number("runs", DefaultRuns);
        var report = new Report("process start to first PUBACK", "ms");
        foreach (var store in options.Stores("embedded"))
        {
            var times = new List<double>();
            for (var run = 1; run <= runs; run++)
            {
                times.Add(await Once(store));
                Console.WriteLine($"{store} {run}/{runs}: {times[^1]:0} ms");
            }

            times.Sort();
            report.Add($"{store}", ("runs", runs), ("min", times[0]), ("median", times[times.Count / 2]), ("max", times[^1]));
        }

        report.Print(options);
    }

    private static async Task<double> Once(Store store)
    {
        await using var servers = await Servers.Launch(store);
        using var device = new Device("bench:first", servers.Twins.Settings.MqttPort);
        try
        {
            await device.Connect();
            await device.Report("""{"started":true}""");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"the platform accepted nothing; its output:\n{servers.Twins.Output}", e);
        }

        return Stopwatch.GetElapsedTime(servers.Launched).TotalMilliseconds;
    }
}
