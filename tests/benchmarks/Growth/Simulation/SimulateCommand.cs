namespace Twins.Benchmarks.Growth.Simulation;

/// <summary>Clusters that this machine cannot run, simulated from what was measured on it. Behind docs/scale.md.</summary>
internal static class SimulateCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "simulate";

    private const int DefaultSeconds = 14;

    // Silos, masters, twins, seconds between two reports of a device.
    private static readonly (int Silos, int Masters, int Twins, int Every)[] s_clusters =
    [
        (1, 1, 1_000_000, 60),
        (3, 1, 10_000_000, 300),
        (10, 4, 10_000_000, 60),
        (10, 7, 10_000_000, 60),
        (100, 12, 100_000_000, 300),
        (100, 34, 100_000_000, 60),
        (100, 60, 100_000_000, 60),
    ];

    public static void Run(Options options)
    {
        var seconds = options.Number("seconds", DefaultSeconds);
        var report = new Report("simulated clusters, of which a silo dies halfway", "by size");
        foreach (var (silos, masters, twins, every) in s_clusters)
        {
            var cluster = new SimulatedCluster(silos, masters, twins, (double)twins / every);
            report.Add(
                FormattableString.Invariant($"{silos} silos, {masters} masters, {twins / 1_000_000}M twins each {every} s"),
                [("updates/s", Math.Round(cluster.Rate)), .. ClusterSimulation.Run(cluster, seconds).Cells]);
        }

        report.Print(options);
    }
}
