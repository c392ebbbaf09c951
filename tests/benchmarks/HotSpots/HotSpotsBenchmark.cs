using Twins.Benchmarks.Cluster;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.HotSpots;

/// <summary>
/// What a place where much happens does to the rest of a cluster: one twin that is written thousands of times a second, a
/// namespace that grows to hundreds of thousands of twins, and a storm of devices that all connect again at once.
/// </summary>
internal static class HotSpotsBenchmark
{
    /// <summary>The verb.</summary>
    public const string Verb = "hotspots";

    private const int DefaultSilos = 3;
    private const int DefaultSeconds = 15;
    private const int DefaultRate = 5_000;
    private const int DefaultTwins = 200_000;
    private const int DefaultStorm = 20_000;

    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 15;

    // Ids apart from those of the namespace that grows.
    private const int HotDevice = 9_000_000;

    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(1);

    public static async Task Run(Options options)
    {
        var seconds = options.Number("seconds", DefaultSeconds);
        var rate = options.Number("rate", DefaultRate);
        var twins = options.Number("twins", DefaultTwins);
        var storm = options.Number("storm", DefaultStorm);
        var plan = LoadPlan.From(options) with { Connections = options.Number("connections", 100), InFlight = options.Number("inflight", 64) };
        await using var servers = await ClusterServers.Start(options.Number("silos", DefaultSilos));
        using var rest = await QuietFleet.Connect(servers);
        var report = new Report($"hot spots in a cluster of {servers.Processes.Count}: what the rest sees", "ms");

        await using (var load = await LoadProcess.Open(plan with { Port = servers.Processes[0].Settings.MqttPort }))
        {
            await load.Paced(HotDevice, plan.Connections, WarmUpSeconds, rate);
            await rest.Watch(TimeSpan.FromSeconds(WarmUpSeconds));
            var before = await rest.Watch(TimeSpan.FromSeconds(seconds));

            var (oneTwin, oneTwinRate) = await Beside(rest, load, HotDevice, 1, seconds, rate);
            var (spread, spreadRate) = await Beside(rest, load, HotDevice, plan.Connections, seconds, rate);
            var growing = load.Each(0, twins);
            var during = await rest.Watch(TimeSpan.FromSeconds(seconds));
            var grown = await growing;
            var (many, manyRate) = await Beside(rest, load, 0, twins, seconds, rate);
            var after = await rest.Watch(TimeSpan.FromSeconds(seconds));

            report.Add("alone", before.Cells(before, 0));
            report.Add($"{rate}/s to {plan.Connections} twins", spread.Cells(before, spreadRate));
            report.Add($"{rate}/s to one twin", oneTwin.Cells(before, oneTwinRate));
            report.Add($"{twins} twins are made, at full speed", during.Cells(before, grown.Rate));
            report.Add($"{rate}/s to {twins} twins of one namespace", many.Cells(before, manyRate));
            report.Add($"alone, beside {twins} twins", after.Cells(before, 0));
            await Storm(report, servers, rest, before, plan, storm);
        }

        report.Print(options);
    }

    private static async Task<(QuietTimes Times, double Rate)> Beside(QuietFleet rest, LoadProcess load, int first, int count, int seconds, int rate)
    {
        // Longer by a second at either end, so that the rest is never alone.
        var hot = load.Paced(first, count, seconds + 2, rate);
        await Task.Delay(s_lead);
        var times = await rest.Watch(TimeSpan.FromSeconds(seconds));
        return (times, (await hot).Rate);
    }

    private static async Task Storm(Report report, ClusterServers servers, QuietFleet rest, QuietTimes alone, LoadPlan plan, int storm)
    {
        var each = storm / servers.Processes.Count;
        var loads = new List<LoadProcess>();
        try
        {
            foreach (var process in servers.Processes)
            {
                loads.Add(await LoadProcess.Open(plan with { Port = process.Settings.MqttPort, Connections = each, InFlight = 1 }));
            }

            await Task.WhenAll(loads.Select((load, i) => load.Each(i * each, each)));
            var memory = servers.WorkingSet;
            var storming = Task.WhenAll(loads.Select((load, i) => load.Reconnect(i * each, each)));
            var during = await rest.WatchUntil(storming);
            var results = await storming;
            report.Add($"{each * loads.Count} devices connect again and report", during.Cells(alone, results.Sum(result => result.Messages) / results.Max(result => result.Seconds)));
            Console.WriteLine(FormattableString.Invariant(
                $"the storm: connected p50 {results.Max(result => result.P50):0} ms, p99 {results.Max(result => result.P99):0} ms, last {results.Max(result => result.Max):0} ms; all had reported after {results.Max(result => result.Seconds):0.0} s; working set {memory >> 20} MiB before, {servers.WorkingSet >> 20} MiB after"));
        }
        finally
        {
            foreach (var load in loads)
            {
                await load.DisposeAsync();
            }
        }
    }
}
