namespace Twins.Faults.Tests;

/// <summary>Seconds over rounds. Null: in one round it did not end.</summary>
/// <param name="P50">Half of the rounds took no longer.</param>
/// <param name="P99">With less than a hundred rounds the same as <paramref name="Max"/>.</param>
/// <param name="Max">The longest.</param>
internal sealed record Percentiles(double? P50, double? P99, double? Max)
{
    /// <summary>Of what each round took.</summary>
    public static Percentiles Of(IEnumerable<double?> rounds)
    {
        // What did not end is longer than all that did.
        var sorted = rounds.OrderBy(seconds => seconds ?? double.PositiveInfinity).ToArray();
        return new(At(0.5), At(0.99), At(1));

        // The nearest rank: the smallest of which so many are no longer.
        double? At(double share) => sorted.Length == 0 ? null : Rounded(sorted[(int)Math.Ceiling(share * sorted.Length) - 1]);
    }

    private static double? Rounded(double? seconds) => seconds is { } value ? Math.Round(value, 3) : null;
}
