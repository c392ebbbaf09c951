namespace Twins.Contracts.Query;

/// <summary>A number.</summary>
/// <param name="Number">Finite.</param>
public sealed record NumberValue(QueryNumber Number) : QueryValue;
