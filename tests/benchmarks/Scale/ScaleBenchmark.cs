using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Scale;

/// <summary>
/// Whether an update costs more where there are more twins: one platform, ever more twins in its memory, and messages
/// for all of them in turn. The first row is what the others are compared with.
/// </summary>
internal static class ScaleBenchmark
{
    private const int DefaultTwins = 1_000_000;
    private const int DefaultSeconds = 15;
    private const int Fewest = 1_000;

    // The code that runs once a message is compiled, and compiled again when it is hot, before the first row.
    private const int WarmUpSeconds = 20;

    // After twins were made the store and the collector have something to finish.
    private const int SettleSeconds = 3;

    public static async Task Run(Options options)
    {
        var most = options.Number("twins", DefaultTwins);
        var seconds = options.Number("seconds", DefaultSeconds);
        var plan = LoadPlan.From(options);
        foreach (var store in options.Stores("redis"))
        {
            var rows = await Measure(store, plan, most, seconds);
            var report = new Report($"ingest through the gateway by number of twins: {store}, {plan}", "acknowledged messages");
            foreach (var row in rows)
            {
                report.Add(
                    $"{row.Twins} twins",
                    ("msg/s", Math.Round(row.Rate)),
                    ("ratio", row.Rate / rows[0].Rate),
                    ("p99 ms", row.P99),
                    ("cpu s/1k", row.CpuPerThousand),
                    ("cpu ratio", row.CpuPerThousand / rows[0].CpuPerThousand),
                    ("MiB", Math.Round(row.WorkingSet / 1048576.0)));
            }

            report.Print(options);
            if (options.Text("svg") is { } file)
            {
                File.WriteAllText(file, ScaleChart.Draw($"Updates through the gateway, {store}", rows));
            }
        }
    }

    private static async Task<List<ScaleRow>> Measure(Store store, LoadPlan plan, int most, int seconds)
    {
        await using var servers = await Servers.Launch(store);
        await servers.Twins.Ready();
        await using var load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
        await load.Each(0, Fewest);
        await load.For(0, Fewest, WarmUpSeconds);
        var rows = new List<ScaleRow>();
        var there = Fewest;
        for (var twins = Fewest; twins <= most; twins *= 10)
        {
            if (twins > there)
            {
                await load.Each(there, twins - there);
                there = twins;
            }

            await load.For(0, twins, SettleSeconds);
            var before = ProcessUsage.Of(servers.Twins.Id);
            var result = await load.For(0, twins, seconds);
            var after = ProcessUsage.Of(servers.Twins.Id);
            rows.Add(new(twins, result.Rate, result.P99, (after.CpuSeconds - before.CpuSeconds) / result.Messages * 1000, after.WorkingSet));
        }

        return rows;
    }
}
