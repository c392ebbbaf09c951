namespace Twins.Simulators.Ledgers;

/// <summary>A ledger can not be written or read. The message names the file, the line and the remedy.</summary>
internal sealed class LedgerException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    public static LedgerException At(string file, long line, string detail, Exception? inner = null) =>
        new($"{Path.GetFileName(file)}, line {line}: {detail}", inner);
}
