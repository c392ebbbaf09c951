using HdrHistogram;
using Twins.Benchmarks.Ingest;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>
/// What the fleet index costs those who write, and how far it is behind them. Platforms with and without it stand side by side and are
/// measured in turn, so that both see the same machine.
/// </summary>
internal static class IndexBenchmark
{
    private const int DefaultDevices = 10_000;
    private const int DefaultRounds = 3;
    private const int DefaultSeconds = 10;
    private const int DefaultRate = 10_000;

    // The code of the probe's count is compiled within these.
    private const int ProbeWarmUpSeconds = 10;

    private const string Lag = "twins_fleet_lag_seconds";

    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(1);

    public static async Task Run(Options options)
    {
        var plan = LoadPlan.From(options, content: LoadContent.Fleet);
        var devices = options.Number("devices", DefaultDevices);
        var rounds = options.Number("rounds", DefaultRounds);
        var seconds = options.Number("seconds", DefaultSeconds);
        var rate = options.Number("rate", DefaultRate);
        var reports = new List<Report>();
        foreach (var store in options.Stores("redis"))
        {
            await using var on = await IndexSubject.Start(store, index: true, plan, devices);
            await using (var off = await IndexSubject.Start(store, index: false, plan, devices))
            {
                for (var round = 0; round < rounds; round++)
                {
                    // Who is first in a pair changes, too.
                    foreach (var subject in round % 2 == 0 ? (IndexSubject[])[off, on] : [on, off])
                    {
                        await subject.Measure(devices, seconds);
                    }
                }

                reports.Add(Compare([off, on], $"ingest with and without the fleet index: {devices} devices, {rounds} rounds of {seconds} s in turn, on {plan}"));
            }

            reports.Add(await Behind(on, devices, seconds, rate));
        }

        Report.Print(options, reports);
    }

    private static Report Compare(IndexSubject[] subjects, string title)
    {
        var report = new Report(title, "acknowledged messages");
        foreach (var subject in subjects)
        {
            // Each round beside the same round of the first.
            var pairs = subject.Rounds.Zip(subjects[0].Rounds).ToArray();
            var ratios = pairs.Select(pair => pair.First.Rate / pair.Second.Rate).Order().ToArray();
            report.Add(
                subject.Name,
                ("msg/s", Math.Round(Median(subject, row => row.Rate))),
                ("min", Math.Round(subject.Rounds.Min(row => row.Rate))),
                ("max", Math.Round(subject.Rounds.Max(row => row.Rate))),
                ("ratio", Median(ratios)),
                ("ratio min", ratios[0]),
                ("ratio max", ratios[^1]),
                ("p50 ms", Median(subject, row => row.Load.P50)),
                ("p99 ms", Median(subject, row => row.Load.P99)),
                ("cpu s/1k", Median(subject, Cpu)),
                ("cpu ratio", Median([.. pairs.Select(pair => Cpu(pair.First) / Cpu(pair.Second)).Order()])),
                ("store", Median(subject, row => row.StoreCpu / row.Load.Messages * 1000)),
                ("load", Median(subject, row => row.Load.CpuSeconds / row.Load.Messages * 1000)),
                ("MiB", Math.Round(subject.Rounds[^1].WorkingSet / 1048576.0)));
        }

        return report;
    }

    /// <summary>At a steady rate: by what the platform counts, and by a probe that knows nothing of that.</summary>
    private static async Task<Report> Behind(IndexSubject subject, int devices, int seconds, int rate)
    {
        using var rest = new FleetRest(subject.Servers.Twins.Url);
        using var probe = await IndexProbe.Connect(subject.Servers, rest);
        await Task.WhenAll(subject.Load.Even(0, devices, ProbeWarmUpSeconds, rate), probe.Watch(TimeSpan.FromSeconds(ProbeWarmUpSeconds)));

        // Longer by a second at either end, so that the probe is never alone.
        var pacing = subject.Load.Even(0, devices, seconds + 2, rate);
        await Task.Delay(s_lead);
        var before = await rest.Metrics();
        await probe.Watch(TimeSpan.FromSeconds(seconds));
        var after = await rest.Metrics();
        var paced = await pacing;

        var lag = new BucketDifference(before.Buckets(Lag), after.Buckets(Lag));
        var report = new Report(
            $"how far the fleet index is behind: {subject.Name}, {Math.Round(paced.Rate)} of {rate} messages a second to {devices} devices for {seconds} s; {Lag} is interpolated within its buckets",
            "ms");
        report.Add($"{Lag}, durable to indexed", Cells(lag.Count, p => lag.Percentile(p) * 1000));
        report.Add("a probe, acknowledged to counted", Cells(probe.Visible));
        report.Add("of that, one count over REST", Cells(probe.Counts));
        return report;
    }

    private static (string Column, double Value)[] Cells(LongHistogram histogram) =>
        Cells(histogram.TotalCount, percentile => histogram.GetValueAtPercentile(percentile) / 1000.0);

    private static (string Column, double Value)[] Cells(double count, Func<double, double> percentile) =>
        [("count", count), ("p50", percentile(50)), ("p99", percentile(99))];

    /// <summary>CPU milliseconds a message are CPU seconds a thousand.</summary>
    private static double Cpu(IngestRow row) => row.ServerCpu / row.Load.Messages * 1000;

    private static double Median(IndexSubject subject, Func<IngestRow, double> figure) => Median([.. subject.Rounds.Select(figure).Order()]);

    private static double Median(double[] ordered) => (ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
}
