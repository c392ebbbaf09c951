using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>Writes reports for people.</summary>
internal static class ReportTable
{
    private static readonly string[] s_head =
        ["fault", "rounds", "silent p50", "p99", "max", "stuck p50", "p99", "max", "later", "acknowledged", "lost", "backwards", "twice", "forks"];

    /// <summary>A table with a line for each fault, and beneath it what does not fit into one.</summary>
    public static void Write(IReadOnlyList<FaultReport> reports, TextWriter to)
    {
        var lines = reports.Select(Cells).Prepend(s_head).ToArray();
        var widths = s_head.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            to.WriteLine(string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }

        to.WriteLine();
        to.WriteLine("Seconds. silent: from the fault until every twin answers a read; stuck: until every twin shows an update of its device;");
        to.WriteLine("later: the longest that a twin did not answer after that, as when what was struck came back. twice: messages applied twice. forks: split brain.");
        foreach (var report in reports)
        {
            to.WriteLine();
            Details(report, to);
        }
    }

    private static string[] Cells(FaultReport report) =>
    [
        report.Fault, Count(report.Rounds),
        Seconds(report.Silent.P50), Seconds(report.Silent.P99), Seconds(report.Silent.Max),
        Seconds(report.Stuck.P50), Seconds(report.Stuck.P99), Seconds(report.Stuck.Max),
        Seconds(report.SilentLater.Max), Count(report.Acknowledged), Count(report.Lost), Count(report.Backwards), Count(report.AppliedTwice), Count(report.Forks),
    ];

    private static void Details(FaultReport report, TextWriter to)
    {
        to.WriteLine($"{report.Fault}: {report.What}; {Count(report.Rounds)} rounds, {Count(report.Twins)} twins, of which {Count(report.SilentTwins)} did not answer for a time at most");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  on {report.Cores} cores that {report.Load:0.0} processes wanted on average"));
        to.WriteLine($"  answers: {string.Join(", ", report.Answers.Select(pair => $"{Count(pair.Value)} {pair.Key}"))}");
        to.WriteLine(
            $"  {Count(report.Events)} events looked through for forks, {Count(report.RefusedWrites)} writes refused by the store, {Count(report.CommandsRepeated)} commands came again"
            + (report.EndedItself > 0 ? $"; what came back ended itself {Count(report.EndedItself)} times and was started again" : "")
            + (report.NotSaved > 0 ? $"; {Count(report.NotSaved)} missing that the broker had acknowledged and not saved" : ""));
        foreach (var command in report.Commands)
        {
            to.WriteLine($"  $ {command}");
        }

        foreach (var broken in report.Broken)
        {
            to.WriteLine($"  BROKEN {broken}");
        }
    }

    private static string Seconds(double? seconds) => seconds is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "never";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
