using System.Runtime.InteropServices;

namespace Twins.Simulators.Fleet;

/// <summary>How many latencies were between two values. Buckets are of the same width on a logarithmic scale.</summary>
/// <param name="From">Milliseconds, exclusive.</param>
/// <param name="To">Milliseconds, inclusive.</param>
/// <param name="Count">How many.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LatencyBucket(double From, double To, long Count);
