namespace Twins.Benchmarks.Load;

/// <summary>What a round of load has come to.</summary>
/// <param name="Messages">Acknowledged.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Publish to acknowledgement, ms.</param>
/// <param name="P99">Publish to acknowledgement, ms.</param>
/// <param name="Max">Publish to acknowledgement, ms.</param>
/// <param name="CpuSeconds">What the generator itself has used.</param>
internal sealed record LoadResult(long Messages, double Seconds, double P50, double P99, double Max, double CpuSeconds)
{
    public double Rate => Messages / Seconds;
}
