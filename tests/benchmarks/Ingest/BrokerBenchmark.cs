using System.Diagnostics;
using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Ingest;

/// <summary>
/// Messages that a real Mosquitto has for the platform, from the first publish until all are stored. Devices are
/// acknowledged by the broker and get ahead of it: what counts is when the last message is durable.
/// </summary>
internal static class BrokerBenchmark
{
    /// <summary>The verb of the comparison with the bridge written by hand.</summary>
    public const string PeerVerb = "ingest-peer";

    private const int DefaultDevices = 10_000;
    private const int DefaultMessages = 10;

    // What Mosquitto is told to keep for one client; beyond, it drops.
    private const int MostQueued = 100_000;

    // For each device. The code that runs once a message is compiled, and compiled again when it is hot, within these;
    // in rounds, because the broker keeps no more.
    private const int WarmUpMessages = 5;
    private const int WarmUpRounds = 12;

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    /// <summary>The link alone, on each store.</summary>
    public static Task Run(Options options) => Run(options, [.. options.Stores("both").Select(Linked)]);

    /// <summary>The link on Redis beside the bridge written by hand.</summary>
    public static Task RunPeer(Options options) =>
        Run(options, [("peer: bridge by hand", HandWrittenBridge.Start), Linked(Store.Redis)]);

    private static (string Name, Func<int, Task<ISubscriber>> Start) Linked(Store store) =>
        ($"broker link, {store}", port => LinkedPlatform.Start(store, port));

    private static async Task Run(Options options, (string Name, Func<int, Task<ISubscriber>> Start)[] subscribers)
    {
        var plan = LoadPlan.From(options);
        var devices = options.Number("devices", DefaultDevices);
        var messages = options.Number("messages", DefaultMessages);
        if (plan.Qos == 0)
        {
            throw new OptionException("--qos 0 can not be counted behind a broker, which may drop it; take 1 or 2");
        }

        if ((long)devices * messages > MostQueued)
        {
            throw new OptionException($"--devices {devices} with --messages {messages} each are more than the {MostQueued} that the broker keeps");
        }

        var rows = new List<(string Name, double Seconds, long Lost, IngestRow Row)>();
        foreach (var (name, start) in subscribers)
        {
            rows.Add(await Measure(name, start, plan, devices, messages));
        }

        var report = new Report($"ingest through Mosquitto: {devices} devices, {messages} messages each, on {plan}", "stored messages");
        foreach (var (name, seconds, lost, row) in rows)
        {
            // Latency is the broker's here, and says nothing.
            report.Add(name, [.. row.Cells(rows[0].Row.Rate).Where(cell => !cell.Column.EndsWith(" ms", StringComparison.Ordinal)), ("drained s", seconds), ("lost", lost)]);
        }

        report.Print(options);
    }

    private static async Task<(string Name, double Seconds, long Lost, IngestRow Row)> Measure(
        string name, Func<int, Task<ISubscriber>> start, LoadPlan plan, int devices, int messages)
    {
        await using var broker = await MosquittoProcess.Start();
        await using var subscriber = await start(broker.Port);
        await using var load = await LoadProcess.Open(plan with { Port = broker.Port });
        var last = devices;
        await load.Each(0, devices);
        await Drained(load, subscriber, last);
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await load.Send(0, devices, WarmUpMessages);
            await Drained(load, subscriber, ++last);
        }

        var before = await subscriber.Revisions();
        var (serverBefore, storeBefore) = (ProcessUsage.Of(subscriber.Process), Usage(subscriber.StoreProcess));
        var clock = Stopwatch.StartNew();
        var sent = await load.Send(0, devices, messages);
        await Drained(load, subscriber, ++last);
        var seconds = clock.Elapsed.TotalSeconds;
        var (serverAfter, storeAfter) = (ProcessUsage.Of(subscriber.Process), Usage(subscriber.StoreProcess));

        // The last message is one of them too.
        var expected = sent.Messages + 1;
        long stored;
        var wait = Stopwatch.StartNew();
        do
        {
            stored = await subscriber.Revisions() - before;
        }
        while (stored < expected && wait.Elapsed < Eventually.Deadline);

        var row = new IngestRow(
            sent,
            sent.Messages / seconds,
            serverAfter.CpuSeconds - serverBefore.CpuSeconds,
            storeAfter.CpuSeconds - storeBefore.CpuSeconds,
            serverAfter.WorkingSet);
        return (name, seconds, expected - stored, row);
    }

    /// <summary>
    /// Sends one more message, for a twin that is not there yet, and waits for that twin. The broker keeps the order,
    /// so what was published before has been delivered then.
    /// </summary>
    private static async Task Drained(LoadProcess load, ISubscriber subscriber, int device)
    {
        await load.Each(device, 1);
        await Eventually.Is(() => subscriber.Has(LoadPacket.TwinId(device)), "the last message to be stored", s_deadline);
    }

    private static ProcessUsage Usage(int? process) => process is { } id ? ProcessUsage.Of(id) : new(0, 0);
}
