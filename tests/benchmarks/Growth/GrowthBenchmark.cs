using System.Globalization;
using StackExchange.Redis;
using Twins.Benchmarks.Cluster;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Growth;

/// <summary>
/// What grows with the number of silos: what a cluster costs that nobody uses, and what the same load costs when more of
/// them share it. Behind the arithmetic of docs/scale.md.
/// </summary>
internal static class GrowthBenchmark
{
    /// <summary>The verb.</summary>
    public const string Verb = "growth";

    private const string DefaultSizes = "1,2,3,6,10";
    private const int DefaultSeconds = 15;
    private const int DefaultRate = 2_000;
    private const int DefaultDevices = 3_000;

    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 15;

    public static async Task Run(Options options)
    {
        var plan = LoadPlan.From(options) with { Connections = options.Number("connections", 300), InFlight = options.Number("inflight", 4) };
        var seconds = options.Number("seconds", DefaultSeconds);
        var rate = options.Number("rate", DefaultRate);
        var devices = options.Number("devices", DefaultDevices);
        var report = new Report($"growth: {rate} messages a second, {devices} devices, {plan}", "by number of silos");
        foreach (var silos in (options.Text("silos") ?? DefaultSizes).Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            report.Add($"{silos} silos", await Measure(silos, plan, devices, seconds, rate));
        }

        report.Print(options);
    }

    private static async Task<(string Column, double Value)[]> Measure(int silos, LoadPlan plan, int devices, int seconds, int rate)
    {
        await using var servers = await ClusterServers.Start(silos);
        await using var store = await ConnectionMultiplexer.ConnectAsync(servers.Store + ",allowAdmin=true");
        var loads = new List<LoadProcess>();
        try
        {
            foreach (var process in servers.Processes)
            {
                loads.Add(await LoadProcess.Open(plan with { Port = process.Settings.MqttPort, Connections = plan.Connections / silos }));
            }

            var each = devices / silos;
            await Task.WhenAll(loads.Select((load, i) => load.Each(i * each, each)));
            await Task.WhenAll(loads.Select((load, i) => load.Paced(i * each, each, WarmUpSeconds, rate / silos)));

            await Settled(servers);
            var (idleCpu, idleCommands) = (servers.Cpu, await Commands(store));
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            (idleCpu, idleCommands) = (servers.Cpu - idleCpu, await Commands(store) - idleCommands);

            var (cpu, storeCpu) = (servers.Cpu, servers.StoreCpu);
            var results = await Task.WhenAll(loads.Select((load, i) => load.Paced(i * each, each, seconds, rate / silos)));
            var messages = results.Sum(result => result.Messages);
            return
            [
                ("idle CPU %", idleCpu / seconds / silos * 100),
                ("store/s", idleCommands / (double)seconds / silos),
                ("MiB each", Math.Round(servers.WorkingSet / 1048576.0 / silos)),
                ("msg/s", Math.Round(results.Sum(result => result.Rate))),
                ("p99 ms", results.Max(result => result.P99)),
                ("cpu s/1k", (servers.Cpu - cpu) / messages * 1000),
                ("less idle", (servers.Cpu - cpu - idleCpu) / messages * 1000),
                ("redis s/1k", (servers.StoreCpu - storeCpu) / messages * 1000),
            ];
        }
        finally
        {
            foreach (var load in loads)
            {
                await load.DisposeAsync();
            }
        }
    }

    /// <summary>What has become hot is compiled again for a while after; that is not what an idle silo costs.</summary>
    private static async Task Settled(ClusterServers servers)
    {
        var (least, since) = (double.MaxValue, 0);
        for (var window = 0; window < 90 && (since < 3 || least > 0.5 * Environment.ProcessorCount); window++)
        {
            var before = servers.Cpu;
            await Task.Delay(TimeSpan.FromSeconds(1));
            var took = servers.Cpu - before;
            (least, since) = took < 0.9 * least ? (took, 0) : (least, since + 1);
        }
    }

    /// <summary>Commands that the store has carried out up to now.</summary>
    private static async Task<long> Commands(ConnectionMultiplexer store)
    {
        var stats = await store.GetServers()[0].InfoAsync("stats");
        return long.Parse(stats[0].First(entry => entry.Key == "total_commands_processed").Value, CultureInfo.InvariantCulture);
    }
}
