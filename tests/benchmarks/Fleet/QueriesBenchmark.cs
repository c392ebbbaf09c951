using System.Diagnostics;
using Twins.Benchmarks.Load;
using Twins.Benchmarks.Memory;

namespace Twins.Benchmarks.Fleet;

/// <summary>What questions to a large fleet take over REST, and what its index takes in memory.</summary>
internal static class QueriesBenchmark
{
    private const int DefaultTwins = 1_000_000;
    private const int DefaultRuns = 30;

    // Of each question; the code of a question is compiled, and compiled again when it is hot, within these.
    private const int WarmUpRuns = 10;

    public static async Task Run(Options options)
    {
        var twins = options.Number("twins", DefaultTwins);
        var runs = options.Number("runs", DefaultRuns);
        var plan = LoadPlan.From(options, content: LoadContent.Fleet);
        if (plan.Content != LoadContent.Fleet)
        {
            throw new OptionException("--content plain has nothing to ask for; leave it out");
        }

        if (twins <= MemoryBenchmark.FirstTwins)
        {
            throw new OptionException($"--twins {twins} is too few; the first {MemoryBenchmark.FirstTwins} do not count for memory, so take more");
        }

        var reports = new List<Report>();
        foreach (var store in options.Stores("redis"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            using var rest = new FleetRest(servers.Twins.Url);
            await using var load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
            reports.Add(await Fill(twins, plan, store, servers, rest, load));
            reports.Add(await Ask(twins, runs, store, rest));
        }

        Report.Print(options, reports);
    }

    /// <summary>Makes the twins.</summary>
    /// <returns>What they take in memory.</returns>
    private static async Task<Report> Fill(int twins, LoadPlan plan, Store store, Servers servers, FleetRest rest, LoadProcess load)
    {
        var added = twins - MemoryBenchmark.FirstTwins;
        await load.Send(0, MemoryBenchmark.FirstTwins, 4);
        var before = await SettledMemory.Of(servers);
        await load.Each(MemoryBenchmark.FirstTwins, added);
        await rest.Indexed(twins);
        var after = await SettledMemory.Of(servers);
        var metrics = await rest.Metrics();
        var report = new Report($"memory of {added} twins with {plan.PayloadBytes} bytes reported, their devices connected, with the fleet index", "bytes per twin");
        report.Add(
            $"{store}",
            [.. MemoryBenchmark.Cells(before, after, added), ("index", Math.Round(metrics.Sum("twins_fleet_bytes") / metrics.Sum("twins_fleet_indexed")))]);
        return report;
    }

    /// <summary>Asks all questions in turn, so that what else the machine does meets all of them.</summary>
    private static async Task<Report> Ask(int twins, int runs, Store store, FleetRest rest)
    {
        var questions = FleetQuestion.All(twins);
        for (var run = -WarmUpRuns; run < runs; run++)
        {
            foreach (var question in questions)
            {
                var path = question.Path(run + WarmUpRuns);
                var start = Stopwatch.GetTimestamp();
                var answer = await rest.Get(path);
                var took = Stopwatch.GetElapsedTime(start);
                question.LastFound = question.Found(answer);
                if (run >= 0)
                {
                    question.Times.RecordValue((long)took.TotalMicroseconds);
                }
            }
        }

        var report = new Report($"questions to {twins} twins over REST, one at a time: {store}, {runs} runs in turn", "ms");
        foreach (var question in questions)
        {
            report.Add(
                question.Name,
                ("p50", Percentile(question, 50)),
                ("p99", Percentile(question, 99)),
                ("max", Percentile(question, 100)),
                ("ratio p50", Percentile(question, 50) / Percentile(questions[0], 50)),
                ("found", question.LastFound));
        }

        return report;
    }

    private static double Percentile(FleetQuestion question, double percentile) => question.Times.GetValueAtPercentile(percentile) / 1000.0;
}
