namespace Twins.Contracts.Query;

/// <summary>A truth value.</summary>
/// <param name="Boolean">Which.</param>
public sealed record BooleanValue(bool Boolean) : QueryValue;
