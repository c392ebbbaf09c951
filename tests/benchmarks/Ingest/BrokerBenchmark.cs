using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Ingest;

/// <summary>
/// Messages that a real Mosquitto has for the platform, from the first publish until all are stored. Devices are
/// acknowledged by the broker and get ahead of it: what counts is when the last message is durable. Those that are
/// compared run side by side and are measured in turn, so that both see the same machine.
/// </summary>
internal static class BrokerBenchmark
{
    /// <summary>The verb of the comparison with the bridge written by hand.</summary>
    public const string PeerVerb = "ingest-peer";

    private const int DefaultDevices = 10_000;
    private const int DefaultMessages = 10;
    private const int DefaultRounds = 5;

    // What Mosquitto is told to keep for one client; beyond, it drops.
    private const int MostQueued = 100_000;

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
        var rounds = options.Number("rounds", DefaultRounds);
        if (plan.Qos == 0)
        {
            throw new OptionException("--qos 0 can not be counted behind a broker, which may drop it; take 1 or 2");
        }

        if ((long)devices * messages > MostQueued)
        {
            throw new OptionException($"--devices {devices} with --messages {messages} each are more than the {MostQueued} that the broker keeps");
        }

        var subjects = new List<BrokerSubject>();
        try
        {
            foreach (var (name, start) in subscribers)
            {
                subjects.Add(await BrokerSubject.Start(name, start, plan, devices));
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var subject in subjects)
                {
                    await subject.Measure(messages);
                }
            }

            Print(options, subjects, $"ingest through Mosquitto: {devices} devices, {messages} messages each, {rounds} rounds in turn, on {plan}");
        }
        finally
        {
            foreach (var subject in subjects)
            {
                await subject.DisposeAsync();
            }
        }
    }

    private static void Print(Options options, List<BrokerSubject> subjects, string title)
    {
        var report = new Report(title, "stored messages");
        foreach (var subject in subjects)
        {
            // Each round beside the same round of the first: what else the machine did then, it did to both.
            var ratios = subject.Rounds.Zip(subjects[0].Rounds, (own, first) => own.Rate / first.Rate).Order().ToArray();
            report.Add(
                subject.Name,
                ("msg/s", Math.Round(Median(subject, row => row.Rate))),
                ("min", Math.Round(subject.Rounds.Min(row => row.Rate))),
                ("max", Math.Round(subject.Rounds.Max(row => row.Rate))),
                ("ratio", Median(ratios)),
                ("ratio min", ratios[0]),
                ("ratio max", ratios[^1]),
                ("cpu s/1k", Median(subject, row => row.ServerCpu / row.Load.Messages * 1000)),
                ("store", Median(subject, row => row.StoreCpu / row.Load.Messages * 1000)),
                ("load", Median(subject, row => row.Load.CpuSeconds / row.Load.Messages * 1000)),
                ("MiB", Math.Round(subject.Rounds[^1].WorkingSet / 1048576.0)),
                ("lost", subject.Lost));
        }

        report.Print(options);
    }

    private static double Median(BrokerSubject subject, Func<IngestRow, double> figure) => Median([.. subject.Rounds.Select(figure).Order()]);

    private static double Median(double[] ordered) => (ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
}
