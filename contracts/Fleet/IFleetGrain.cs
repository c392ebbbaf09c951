using Orleans.CodeGeneration;

namespace Twins.Contracts.Fleet;

/// <summary>The door to all twins at once. Key 0; a stateless worker.</summary>
[Alias("twins.fleet"), Version(GrainVersion.Current)]
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>Twins in the order of their ids (ordinal).</summary>
    /// <param name="after">Start behind this id; null for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    [Alias("list")]
    Task<TwinPage> List(string? after, int limit);
}
