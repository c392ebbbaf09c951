namespace Twins.Benchmarks.Rest;

/// <summary>What a round of reads has come to.</summary>
/// <param name="Rate">Answers per second.</param>
/// <param name="P50">Request to the whole answer, ms.</param>
/// <param name="P99">Request to the whole answer, ms.</param>
/// <param name="Reads">Answers.</param>
internal sealed record ReadResult(double Rate, double P50, double P99, long Reads);
