namespace Twins.Contracts.Query;

/// <summary>Holds where the value equals one of several, as <c>eq</c> does.</summary>
/// <param name="Path">What is compared.</param>
/// <param name="Values">One at least.</param>
public sealed record InFilter(QueryPath Path, QueryValue[] Values) : Filter;
