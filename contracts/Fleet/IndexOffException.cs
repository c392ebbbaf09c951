namespace Twins.Contracts.Fleet;

/// <summary>The silos keep no fleet index, so filters, sorts, counts and aggregations can not be answered.</summary>
[GenerateSerializer, Alias("twins.index-off")]
public sealed class IndexOffException : Exception
{
    /// <summary>Makes it.</summary>
    public IndexOffException()
        : base("this platform keeps no fleet index; set Twins:Fleet:Index to true, on every silo, to filter, sort, count and aggregate twins")
    {
    }
}
