namespace Twins.Contracts.Query;

/// <summary>Holds where there is nothing at the path, or an empty text, array or object.</summary>
/// <param name="Path">Where.</param>
public sealed record EmptyFilter(QueryPath Path) : Filter;
