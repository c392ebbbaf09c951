namespace Twins.Contracts.Query;

/// <summary>One key of a sort: <c>+tags/site</c> or <c>-reported/temp</c>.</summary>
/// <param name="Path">What is sorted by.</param>
/// <param name="Descending">The greatest first. What is missing comes last either way.</param>
public sealed record SortKey(QueryPath Path, bool Descending);
