namespace Twins.Contracts.Query;

/// <summary>Holds where its operand does not.</summary>
/// <param name="Operand">What must not hold.</param>
public sealed record NotFilter(Filter Operand) : Filter;
