namespace Twins.Contracts.Query;

/// <summary>Holds where a text, or a text of an array, has the form of a pattern: <c>like</c> and <c>ilike</c>.</summary>
/// <param name="Path">What is compared.</param>
/// <param name="Pattern">The pattern.</param>
public sealed record LikeFilter(QueryPath Path, LikePattern Pattern) : Filter;
