namespace Twins.Contracts.Query.Matching;

/// <summary>A place that a filter looks at.</summary>
/// <param name="Node">Where.</param>
/// <param name="IsForTimes">The times in it are looked at, for <c>stale</c>; else the values.</param>
internal sealed record MatchedPlace(PathNode Node, bool IsForTimes);
