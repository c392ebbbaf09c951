namespace Twins.Contracts.Query;

/// <summary>Holds where one of its operands does.</summary>
/// <param name="Operands">One at least.</param>
public sealed record OrFilter(Filter[] Operands) : Filter;
