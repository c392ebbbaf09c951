namespace Twins.Simulators.Fleet;

/// <summary>How long acknowledgements took, from the first send of a message, in milliseconds.</summary>
/// <param name="Count">How many were measured.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">Nine in ten were faster.</param>
/// <param name="P99">99 in a hundred were faster.</param>
/// <param name="P999">999 in a thousand were faster.</param>
/// <param name="Max">The slowest.</param>
public sealed record LatencySummary(long Count, double Mean, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>Nothing measured yet.</summary>
    public static LatencySummary None { get; } = new(0, 0, 0, 0, 0, 0, 0);
}
