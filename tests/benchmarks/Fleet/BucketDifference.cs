namespace Twins.Benchmarks.Fleet;

/// <summary>What a histogram of <c>/metrics</c> has seen between two looks at it.</summary>
internal sealed class BucketDifference
{
    private readonly (double Bound, double UpTo)[] _buckets;

    /// <summary>Takes the difference.</summary>
    /// <param name="before">May be empty: nothing was seen yet.</param>
    /// <param name="after">Later.</param>
    public BucketDifference(SortedDictionary<double, double> before, SortedDictionary<double, double> after) =>
        _buckets = [.. after.Select(bucket => (bucket.Key, bucket.Value - before.GetValueOrDefault(bucket.Key)))];

    /// <summary>How much it has seen.</summary>
    public double Count => _buckets.Length == 0 ? 0 : _buckets[^1].UpTo;

    /// <summary>
    /// A percentile as Prometheus computes it: interpolated within its bucket, as if what is in there were spread evenly; the last bound
    /// where it is beyond.
    /// </summary>
    public double Percentile(double percentile)
    {
        var rank = Count * percentile / 100;
        var (bound, upTo) = (0.0, 0.0);
        foreach (var bucket in _buckets)
        {
            if (bucket.UpTo >= rank && bucket.UpTo > upTo)
            {
                return double.IsPositiveInfinity(bucket.Bound) ? bound : bound + ((bucket.Bound - bound) * (rank - upTo) / (bucket.UpTo - upTo));
            }

            (bound, upTo) = bucket;
        }

        return bound;
    }
}
