namespace Twins.Benchmarks.Ingest;

/// <summary>What ingest comes to with so many twins in memory.</summary>
/// <param name="Twins">How many.</param>
/// <param name="Rate">Updates acknowledged in a second.</param>
/// <param name="CpuPerThousand">What 1,000 of them cost the platform, seconds.</param>
internal sealed record ScaleRow(int Twins, double Rate, double CpuPerThousand);
