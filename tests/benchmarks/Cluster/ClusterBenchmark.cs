using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Cluster;

/// <summary>
/// What an update costs in a cluster beside one process: the same devices, on as many connections, dealt out to the
/// gateways. Both run side by side, each with a Redis of its own, and are measured in turn, so that both see the same
/// machine.
/// </summary>
internal static class ClusterBenchmark
{
    /// <summary>The verb.</summary>
    public const string Verb = "cluster";

    private const int DefaultSilos = 3;
    private const int DefaultDevices = 10_000;
    private const int DefaultRounds = 5;
    private const int DefaultSeconds = 10;

    public static async Task Run(Options options)
    {
        var plan = LoadPlan.From(options);
        var devices = options.Number("devices", DefaultDevices);
        var rounds = options.Number("rounds", DefaultRounds);
        var seconds = options.Number("seconds", DefaultSeconds);
        var silos = options.Number("silos", DefaultSilos);
        var subjects = new List<ClusterSubject>();
        try
        {
            subjects.Add(await ClusterSubject.Start(1, plan, devices));
            subjects.Add(await ClusterSubject.Start(silos, plan, devices));
            for (var round = 0; round < rounds; round++)
            {
                foreach (var subject in subjects)
                {
                    await subject.Measure(seconds);
                }
            }

            Print(options, subjects, $"a cluster beside one process: {devices} devices, {rounds} rounds in turn, on {plan}");
        }
        finally
        {
            foreach (var subject in subjects)
            {
                await subject.DisposeAsync();
            }
        }
    }

    private static void Print(Options options, List<ClusterSubject> subjects, string title)
    {
        var report = new Report(title, "acknowledged messages");
        foreach (var subject in subjects)
        {
            // Each round beside the same round of one process: what else the machine did then, it did to both.
            var ratios = subject.Rounds.Zip(subjects[0].Rounds, (own, one) => own.CpuPerThousand / one.CpuPerThousand).Order().ToArray();
            report.Add(
                subject.Silos == 1 ? "one process" : $"{subject.Silos} silos",
                ("msg/s", Math.Round(Median([.. subject.Rounds.Select(round => round.Rate).Order()]))),
                ("p99 ms", Median([.. subject.Rounds.Select(round => round.P99).Order()])),
                ("cpu s/1k", Median([.. subject.Rounds.Select(round => round.CpuPerThousand).Order()])),
                ("ratio", Median(ratios)),
                ("ratio min", ratios[0]),
                ("ratio max", ratios[^1]),
                ("store", Median([.. subject.Rounds.Select(round => round.StoreCpuPerThousand).Order()])),
                ("MiB", Math.Round(subject.WorkingSet / 1048576.0)));
        }

        report.Print(options);
    }

    private static double Median(double[] ordered) => (ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
}
