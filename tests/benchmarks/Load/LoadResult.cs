namespace Twins.Benchmarks.Load;

/// <summary>What a round of load has come to.</summary>
/// <param name="Messages">Acknowledged while it went on.</param>
/// <param name="Sent">Sent, and acknowledged in the end: those that were under way when it was over count here.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Publish to acknowledgement, ms.</param>
/// <param name="P99">Publish to acknowledgement, ms.</param>
/// <param name="Max">Publish to acknowledgement, ms.</param>
/// <param name="CpuSeconds">What the generator itself has used.</param>
internal sealed record LoadResult(long Messages, long Sent, double Seconds, double P50, double P99, double Max, double CpuSeconds)
{
    public double Rate => Messages / Seconds;
}
