namespace Twins.Contracts.Query;

/// <summary>
/// Compares a value: <c>eq ne gt ge lt le</c>. Values of different types are never equal, greater or less; of an array,
/// one element that holds is enough; <c>ne</c> holds wherever <c>eq</c> does not.
/// </summary>
/// <param name="Path">What is compared.</param>
/// <param name="Operator">How.</param>
/// <param name="Value">With what.</param>
public sealed record CompareFilter(QueryPath Path, CompareOperator Operator, QueryValue Value) : Filter;
