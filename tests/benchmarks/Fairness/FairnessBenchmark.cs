using System.Diagnostics;
using HdrHistogram;
using Twins.Benchmarks.Baseline;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Fairness;

/// <summary>
/// What a device that sends at full speed on a connection of its own does to one that sends now and then: publish to
/// PUBACK of the quiet one, alone, beside the loud one, and alone again. The same on an MQTTnet server whose handler
/// does nothing tells what the machine itself has a part in.
/// </summary>
internal static class FairnessBenchmark
{
    private const int DefaultSeconds = 15;
    private const int DefaultIntervalMs = 5;

    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 5;

    // The gateway's Receive Maximum: as many as it takes of one connection.
    private const int DefaultInFlight = 256;

    public static async Task Run(Options options)
    {
        var plan = LoadPlan.From(options) with
        {
            Connections = options.Number("loud", 1),
            InFlight = options.Number("inflight", DefaultInFlight),
        };
        var seconds = options.Number("seconds", DefaultSeconds);
        var interval = TimeSpan.FromMilliseconds(options.Number("interval", DefaultIntervalMs));
        var report = new Report(
            $"fairness: one message each {interval.TotalMilliseconds:0} ms, beside {plan.Connections} loud, {plan.InFlight} in flight, QoS {plan.Qos}", "ms to PUBACK");

        var port = Loopback.FreePort();
        await using (await DoingNothing.Start(port))
        {
            await Measure(report, "baseline", plan with { Port = port }, seconds, interval);
        }

        foreach (var store in options.Stores("both"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            await Measure(report, $"{store}", plan with { Port = servers.Twins.Settings.MqttPort }, seconds, interval);
        }

        report.Print(options);
    }

    private static async Task Measure(Report report, string name, LoadPlan plan, int seconds, TimeSpan interval)
    {
        using var quiet = new Device("bench:quiet", plan.Port);
        await quiet.Connect();
        await using var load = await LoadProcess.Open(plan);
        var everyDevice = plan.Connections;
        await load.For(0, everyDevice, WarmUpSeconds);
        await Quiet(quiet, TimeSpan.FromSeconds(WarmUpSeconds), interval);

        var before = await Quiet(quiet, TimeSpan.FromSeconds(seconds), interval);
        // Longer by a second at either end, so that the quiet one is never alone.
        var loud = load.For(0, everyDevice, seconds + 2);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var beside = await Quiet(quiet, TimeSpan.FromSeconds(seconds), interval);
        var result = await loud;
        var after = await Quiet(quiet, TimeSpan.FromSeconds(seconds), interval);

        // The calmer of the two: what else runs on the machine only ever adds.
        var alone = Math.Min(P99(before), P99(after));
        Add(report, $"{name}: alone, before", before, loudRate: 0, alone);
        Add(report, $"{name}: beside the loud", beside, result.Rate, alone);
        Add(report, $"{name}: alone, after", after, loudRate: 0, alone);
    }

    /// <summary>One message at a time, at an even pace as long as they come back in time.</summary>
    private static async Task<LongHistogram> Quiet(Device device, TimeSpan time, TimeSpan interval)
    {
        // Microseconds, up to a minute, three digits.
        var histogram = new LongHistogram(60_000_000, 3);
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(interval);
        for (var i = 0; watch.Elapsed < time; i++)
        {
            await timer.WaitForNextTickAsync();
            var start = Stopwatch.GetTimestamp();
            await device.Report($$"""{"value":{{i}}}""");
            histogram.RecordValue((long)Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return histogram;
    }

    private static double P99(LongHistogram histogram) => histogram.GetValueAtPercentile(99) / 1000.0;

    private static void Add(Report report, string name, LongHistogram histogram, double loudRate, double alone) => report.Add(
        name,
        ("messages", histogram.TotalCount),
        ("p50", histogram.GetValueAtPercentile(50) / 1000.0),
        ("p99", P99(histogram)),
        ("max", histogram.GetValueAtPercentile(100) / 1000.0),
        ("ratio p99", P99(histogram) / alone),
        ("loud/s", loudRate));
}
