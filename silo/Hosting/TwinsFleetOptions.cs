namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Fleet</c>: questions to all twins at once.</summary>
public sealed class TwinsFleetOptions
{
    /// <summary>
    /// Whether silos keep an index of all twins in memory, which queries with a filter or a sort, counts and aggregations need. The
    /// same for all silos of a cluster.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Index { get; set; } = true;
}
