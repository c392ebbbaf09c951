using Twins.Benchmarks.Load;

namespace Twins.Benchmarks.Ingest;

/// <summary>What taking messages in has cost.</summary>
/// <param name="Load">What the generator saw.</param>
/// <param name="Rate">Messages taken in a second.</param>
/// <param name="ServerCpu">Seconds of the process that is measured.</param>
/// <param name="StoreCpu">Seconds of its store, where that is a process of its own.</param>
/// <param name="WorkingSet">Of the process that is measured, at the end, bytes.</param>
internal sealed record IngestRow(LoadResult Load, double Rate, double ServerCpu, double StoreCpu, long WorkingSet)
{
    /// <summary>Its cells in a table.</summary>
    /// <param name="baseline">The rate of the baseline, messages a second.</param>
    public (string Column, double Value)[] Cells(double baseline) =>
    [
        ("msg/s", Math.Round(Rate)),
        ("ratio", Rate / baseline),
        ("p50 ms", Load.P50),
        ("p99 ms", Load.P99),
        // CPU milliseconds a message are CPU seconds a thousand.
        ("cpu s/1k", ServerCpu / Load.Messages * 1000),
        ("store", StoreCpu / Load.Messages * 1000),
        ("load", Load.CpuSeconds / Load.Messages * 1000),
        ("MiB", Math.Round(WorkingSet / 1048576.0)),
    ];
}
