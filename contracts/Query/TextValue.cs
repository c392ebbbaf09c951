namespace Twins.Contracts.Query;

/// <summary>A text, compared by code points (<see cref="TextOrder"/>).</summary>
/// <param name="Text">The text, unescaped.</param>
public sealed record TextValue(string Text) : QueryValue;
