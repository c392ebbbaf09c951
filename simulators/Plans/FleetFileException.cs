namespace Twins.Simulators.Plans;

/// <summary>A fleet file describes no fleet. The message has a line for each mistake: where, what, and what would be right.</summary>
internal sealed class FleetFileException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    /// <summary>Every mistake that was found, a sentence each.</summary>
    public IReadOnlyList<string> Mistakes { get; } = [.. mistakes];
}
