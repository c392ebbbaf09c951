namespace Twins.Simulators.Mqtt;

/// <summary>An attempt to connect failed.</summary>
/// <param name="kind">A stable name of the kind of failure.</param>
/// <param name="sentence">What was wrong, and what would be right.</param>
/// <param name="inner">What the network said, where it said anything.</param>
internal sealed class ConnectFailedException(string kind, string sentence, Exception? inner = null)
    : Exception(sentence, inner)
{
    public string Kind { get; } = kind;
}
