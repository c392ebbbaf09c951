namespace Twins.Contracts.Query;

/// <summary>A number. Numbers are compared as 64-bit floating point (IEEE 754), whatever they are written like.</summary>
/// <param name="Number">Finite.</param>
public sealed record NumberValue(double Number) : QueryValue;
