using System.Globalization;

namespace Twins.Tests.Harness;

/// <summary>The tests that repeat themselves do so as often as <c>tests/soak</c> says, and report what it came to.</summary>
public static class Soak
{
    /// <summary>How many rounds.</summary>
    /// <param name="suite">In the suite.</param>
    public static int Rounds(int suite) => Number("TWINS_SOAK_ROUNDS") ?? suite;

    /// <summary>How long the store stands still.</summary>
    /// <param name="suite">In the suite.</param>
    public static TimeSpan Stop(TimeSpan suite) => Number("TWINS_SOAK_STOP") is { } seconds ? TimeSpan.FromSeconds(seconds) : suite;

    /// <summary>Adds a line to the report, where one is wanted.</summary>
    public static void Report(string what, int rounds, Ledger ledger)
    {
        if (Environment.GetEnvironmentVariable("TWINS_SOAK_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {rounds} rounds, {ledger.Acknowledged} acknowledged, {ledger.Lost.Count} lost, {ledger.Backwards.Count} backwards{Unsaved(ledger)}\n"));
        }
    }

    private static string Unsaved(Ledger ledger) =>
        ledger.Unsaved.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; apart from these {ledger.Unsaved.Count} missing that the broker had acknowledged and not saved");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
