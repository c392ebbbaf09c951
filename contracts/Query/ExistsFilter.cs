namespace Twins.Contracts.Query;

/// <summary>Holds where there is something at the path: a value, an object or an array, be it empty.</summary>
/// <param name="Path">Where.</param>
public sealed record ExistsFilter(QueryPath Path) : Filter;
