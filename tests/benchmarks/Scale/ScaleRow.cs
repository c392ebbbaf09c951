namespace Twins.Benchmarks.Scale;

/// <summary>What ingest comes to with so many twins in memory.</summary>
/// <param name="Twins">How many.</param>
/// <param name="Rate">Updates acknowledged in a second.</param>
/// <param name="P99">Publish to acknowledgement, ms.</param>
/// <param name="CpuPerThousand">What 1,000 of them cost the platform, seconds.</param>
/// <param name="WorkingSet">Of the platform, bytes.</param>
internal sealed record ScaleRow(int Twins, double Rate, double P99, double CpuPerThousand, long WorkingSet);
