namespace Twins.Simulators.Replay;

/// <summary>A file cannot be replayed. The message names the file, the line and the remedy.</summary>
public sealed class ReplayFileException : Exception
{
    /// <summary>A file cannot be replayed.</summary>
    public ReplayFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal static ReplayFileException At(string file, long line, string detail, Exception? inner = null) =>
        new($"{Path.GetFileName(file)}, line {line}: {detail}", inner);
}
