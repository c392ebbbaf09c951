namespace Twins.Contracts.Query;

/// <summary>
/// Holds where a property is there and was last written longer ago than a time; of an object, where that is so for all
/// that is in it. Only for paths of <c>reported</c> and <c>desired</c>, without their names: <c>stale(reported/temp,"10m")</c>.
/// </summary>
/// <param name="Path">The property.</param>
/// <param name="Age">More than 0.</param>
public sealed record StaleFilter(QueryPath Path, TimeSpan Age) : Filter;
