namespace Twins.Simulators.Fleet;

/// <summary>Options that make no fleet; the message is one sentence that says what is wrong and what would be right.</summary>
/// <param name="sentence">The sentence.</param>
public sealed class FleetOptionsException(string sentence) : Exception(sentence);
