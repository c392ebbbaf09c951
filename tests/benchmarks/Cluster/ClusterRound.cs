namespace Twins.Benchmarks.Cluster;

/// <summary>What a round of load on a cluster has come to.</summary>
/// <param name="Rate">Messages acknowledged in a second.</param>
/// <param name="P99">Publish to acknowledgement, ms, at the worst of the gateways.</param>
/// <param name="CpuPerThousand">CPU seconds of all platform processes for a thousand messages.</param>
/// <param name="StoreCpuPerThousand">CPU seconds of the store.</param>
internal sealed record ClusterRound(double Rate, double P99, double CpuPerThousand, double StoreCpuPerThousand);
