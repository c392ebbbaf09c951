namespace Twins.Contracts.Query;

/// <summary>Holds where all of its operands do.</summary>
/// <param name="Operands">One at least.</param>
public sealed record AndFilter(Filter[] Operands) : Filter;
