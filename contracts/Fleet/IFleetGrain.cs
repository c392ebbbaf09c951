using Orleans.CodeGeneration;

namespace Twins.Contracts.Fleet;

/// <summary>The door to all twins at once. Key 0; a stateless worker.</summary>
[Alias("twins.fleet"), Version(GrainVersion.Current)]
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>Returns when the store has answered. No twin is asked: one that can not be read must not hold up the others.</summary>
    [Alias("check")]
    Task Check();

    /// <summary>Twins in the order of their ids (ordinal).</summary>
    /// <param name="after">Start behind this id; null for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    [Alias("list")]
    Task<TwinPage> List(string? after, int limit);

    /// <summary>A page of the twins that a filter holds for, in the order of a sort.</summary>
    /// <exception cref="IndexRebuildingException">The index is not complete.</exception>
    /// <exception cref="FilterTooSlowException">The filter takes too long.</exception>
    [Alias("query")]
    Task<FleetPage> Query(FleetQuery query);

    /// <summary>
    /// The ids of a page of the twins that a filter holds for, in the order of a sort. The twins themselves are not read, nor brought
    /// into memory for it; so a twin may have changed since the index heard of it.
    /// </summary>
    /// <exception cref="IndexRebuildingException">The index is not complete.</exception>
    [Alias("find")]
    Task<FoundPage> Find(FleetQuery query);

    /// <summary>How many twins a filter holds for; limit, sort and place do not count.</summary>
    /// <exception cref="IndexRebuildingException">The index is not complete.</exception>
    /// <exception cref="FilterTooSlowException">The filter takes too long.</exception>
    [Alias("count")]
    Task<long> Count(FleetQuery query);

    /// <summary>What the twins that a filter holds for add up to, in groups.</summary>
    /// <exception cref="IndexRebuildingException">The index is not complete.</exception>
    /// <exception cref="FilterTooSlowException">The filter takes too long.</exception>
    [Alias("aggregate")]
    Task<FleetGroups> Aggregate(FleetAggregation aggregation);
}
