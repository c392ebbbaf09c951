using Twins.Benchmarks.Baseline;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Ingest;

/// <summary>How many updates a second become durable, and what one costs.</summary>
internal static class IngestBenchmark
{
    private const int DefaultDevices = 10_000;
    private const int DefaultSeconds = 15;

    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUpSeconds = 15;

    private static readonly string[] s_links = ["gateway", "broker"];

    public static Task Run(Options options) =>
        options.OneOf("link", "gateway", s_links) == "gateway" ? RunGateway(options) : BrokerBenchmark.Run(options);

    private static async Task RunGateway(Options options)
    {
        var plan = LoadPlan.From(options);
        var devices = options.Number("devices", DefaultDevices);
        var seconds = options.Number("seconds", DefaultSeconds);
        var stores = options.Stores("both");
        var rows = new List<(string Name, IngestRow Row)>();

        // Before and after: what else runs on the machine shows in the difference.
        rows.Add(("baseline, before", await Baseline(plan, devices, seconds)));
        foreach (var store in stores)
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            var port = servers.Twins.Settings.MqttPort;
            rows.Add(($"{store}", await Measure(plan with { Port = port }, devices, seconds, servers.Twins.Id, servers.StoreProcess)));
        }

        rows.Add(("baseline, after", await Baseline(plan, devices, seconds)));

        var baseline = (rows[0].Row.Rate + rows[^1].Row.Rate) / 2;
        var report = new Report($"ingest through the gateway: {devices} devices on {plan}", "acknowledged messages");
        rows.ForEach(row => report.Add(row.Name, row.Row.Cells(baseline)));
        report.Print(options);
    }

    private static async Task<IngestRow> Baseline(LoadPlan plan, int devices, int seconds)
    {
        var port = Loopback.FreePort();
        await using var server = await DoingNothing.Start(port);
        return await Measure(plan with { Port = port }, devices, seconds, server.Id, store: null);
    }

    private static async Task<IngestRow> Measure(LoadPlan plan, int devices, int seconds, int server, int? store)
    {
        await using var load = await LoadProcess.Open(plan);
        await load.Each(0, devices);
        await load.For(0, devices, WarmUpSeconds);

        var (serverBefore, storeBefore) = (Usage(server), Usage(store));
        var result = await load.For(0, devices, seconds);
        var (serverAfter, storeAfter) = (Usage(server), Usage(store));
        return new(
            result,
            result.Rate,
            serverAfter.CpuSeconds - serverBefore.CpuSeconds,
            storeAfter.CpuSeconds - storeBefore.CpuSeconds,
            serverAfter.WorkingSet);
    }

    private static ProcessUsage Usage(int? process) => process is { } id ? ProcessUsage.Of(id) : new(0, 0);
}
