using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fleet;

/// <summary>How soon many watchers, each with a filter of its own, see what devices report, and what they cost the platform.</summary>
internal static class WatchersBenchmark
{
    private const int DefaultDevices = 10_000;
    private const int DefaultRate = 2_000;
    private const int DefaultSeconds = 20;

    // The code that runs once a message and once an event is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 15;

    private static readonly TimeSpan s_lastEvents = TimeSpan.FromSeconds(10);

    public static async Task Run(Options options)
    {
        var watching = WatchPlan.From(options);
        var devices = options.Number("devices", DefaultDevices);
        var rate = options.Number("rate", DefaultRate);
        var seconds = options.Number("seconds", DefaultSeconds);
        var plan = LoadPlan.From(options, content: LoadContent.Fleet);
        if (plan.Content != LoadContent.Fleet)
        {
            throw new OptionException("--content plain has nothing to filter by; leave it out");
        }

        var reports = new List<Report>();
        foreach (var store in options.Stores("redis"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            await using var load = await LoadProcess.Open(plan with { Port = servers.Twins.Settings.MqttPort });
            await load.Each(0, devices);
            await load.Even(0, devices, WarmUpSeconds, rate);
            var alone = await WatchedRound.Measure(servers, watchers: null, () => load.Even(0, devices, seconds, rate));

            await using var watchers = await WatchProcess.Open(watching with { Port = servers.Twins.Settings.HttpPort });
            await load.Even(0, devices, WarmUpSeconds, rate);
            await watchers.Begin();
            var watched = await WatchedRound.Measure(servers, watchers, () => load.Even(0, devices, seconds, rate));
            var seen = await Last(watchers, watched.Sent.Sent);
            reports.Add(Delays(store, watching, plan, devices, alone, watched, seen));
            reports.Add(Cpu(store, watching, alone, watched));
        }

        Report.Print(options, reports);
    }

    private static Report Delays(Store store, WatchPlan watching, LoadPlan plan, int devices, WatchedRound alone, WatchedRound watched, WatchResult seen)
    {
        var report = new Report(
            $"live events to {watching.Watchers} watchers with a filter each: {store}, {Math.Round(watched.Sent.Rate)} updates a second of {devices} devices on {plan}, {seen.Resets} resets",
            "ms");
        report.Add("publish to PUBACK, nobody watches", Cells(alone.Sent.Sent, alone.Sent.Messages, alone.Sent.P50, alone.Sent.P99, alone.Sent.Max));
        report.Add("publish to PUBACK, watched", Cells(watched.Sent.Sent, watched.Sent.Messages, watched.Sent.P50, watched.Sent.P99, watched.Sent.Max));
        report.Add("publish to event, one without a filter", Cells(watched.Sent.Sent, seen.All, seen.AllP50, seen.AllP99, seen.AllMax));
        report.Add($"publish to event, {watching.Watchers} with a filter", Cells(seen.Expected, seen.Events, seen.P50, seen.P99, seen.Max));
        return report;
    }

    private static (string Column, double Value)[] Cells(long expected, long came, double p50, double p99, double max) =>
        [("expected", expected), ("came", came), ("p50", p50), ("p99", p99), ("max", max)];

    private static Report Cpu(Store store, WatchPlan watching, WatchedRound alone, WatchedRound watched)
    {
        var report = new Report($"what {watching.Watchers} watchers cost: {store}", "CPU seconds a second");
        foreach (var (name, round) in new[] { ("nobody watches", alone), ($"{watching.Watchers} watch, and one all", watched) })
        {
            report.Add(
                name,
                ("platform", round.Platform),
                ("store", round.Store),
                ("watchers", round.Watchers),
                ("load", round.Load),
                ("updates/s", Math.Round(round.Sent.Rate)));
        }

        return report;
    }

    /// <summary>What was sent is under way for a moment longer.</summary>
    private static async Task<WatchResult> Last(WatchProcess watchers, long sent)
    {
        using var patience = new CancellationTokenSource(s_lastEvents);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        WatchResult result;
        do
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            result = await watchers.Result();
        }
        while ((result.All < sent || result.Events < result.Expected) && !patience.IsCancellationRequested);

        return result;
    }
}
