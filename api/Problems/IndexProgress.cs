namespace Twins.Api.Problems;

/// <summary>How much of the fleet index is there.</summary>
/// <param name="Ready">Partitions that are complete.</param>
/// <param name="Partitions">Partitions that there are.</param>
/// <param name="Twins">Twins that are in the index already.</param>
internal sealed record IndexProgress(int Ready, int Partitions, long Twins);
