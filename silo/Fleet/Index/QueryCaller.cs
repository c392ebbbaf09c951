namespace Twins.Silo.Fleet.Index;

/// <summary>A caller whose scans run or wait.</summary>
/// <param name="used">The time that it starts with.</param>
internal sealed class QueryCaller(TimeSpan used)
{
    /// <summary>How long its scans ran.</summary>
    public TimeSpan Used { get; set; } = used;

    public int Running { get; set; }

    /// <summary>In the order in which they came.</summary>
    public LinkedList<QueryTurn> Waiting { get; } = new();
}
