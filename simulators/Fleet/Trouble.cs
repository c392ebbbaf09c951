namespace Twins.Simulators.Fleet;

/// <summary>One kind of trouble a fleet had.</summary>
/// <param name="Sentence">What was wrong, the first time.</param>
/// <param name="Count">How often this kind occurred.</param>
public sealed record Trouble(string Sentence, long Count);
