namespace Twins.Contracts.Query;

/// <summary>One figure of an aggregation: <c>avg(reported/temp)</c>, <c>count</c>.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Path">Of what; null for <c>count</c>, which counts twins.</param>
/// <param name="Text">As it was asked for; names it in the answer.</param>
public sealed record Measure(MeasureKind Kind, QueryPath? Path, string Text);
