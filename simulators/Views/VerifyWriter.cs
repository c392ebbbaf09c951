using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Twins.Simulators.Verification;

namespace Twins.Simulators.Views;

/// <summary>Writes what a verification found, for people or for programs.</summary>
internal static class VerifyWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        WriteIndented = true,
    };

    public static void WriteJson(VerifyReport report, TextWriter writer) =>
        writer.WriteLine(JsonSerializer.Serialize(report, Json));

    /// <summary>Writes the report.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="show">How many findings are shown.</param>
    /// <param name="console">Where to.</param>
    public static void WriteTable(VerifyReport report, int show, IAnsiConsole console)
    {
        var table = Plain();
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn("").RightAligned().NoWrap());
        table.AddColumn(new TableColumn(""));
        Row(table, "ledger", report.Reports, $"reports, {Figures.Count(report.Acknowledged)} acknowledged, digest {report.Digest}"
            + (report.Header.Seed is { } seed ? $", seed {seed}" : ""));
        Row(table, "twins", report.Twins, $"at {report.Api}, {Figures.Count(report.Properties)} propert{(report.Properties == 1 ? "y" : "ies")} compared");
        Count(table, "lost", report.Lost, "acknowledged, and not there");
        Count(table, "stale", report.Stale, "an older value that the device sent before");
        Count(table, "backwards", report.Backwards, "an earlier look saw a later value or revision");
        Count(table, "wrong", report.Wrong, "a value the device never sent");
        if (report.Unacknowledged > 0)
        {
            Row(table, "ahead", report.Unacknowledged, "sent and not acknowledged, and there: as it may be");
        }

        if (report.Older > 0)
        {
            Row(table, "older", report.Older, "from before the ledger, which says nothing about them");
        }

        console.Write(table);
        if (!report.Complete)
        {
            console.MarkupLine("[yellow]The ledger has no end: its simulator was cut off, and what it sent in its last second may be missing in the ledger and seem wrong.[/]");
        }

        if (report.Clean)
        {
            console.MarkupLine("[green]Nothing is lost, stale, backwards or wrong.[/]");
            return;
        }

        WriteFindings(report, show, console);
    }

    private static void WriteFindings(VerifyReport report, int show, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var column in (string[])["verdict", "twin", "property", "expected", "entry", "found", "entry"])
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]"));
        }

        foreach (var finding in report.Findings.Take(show))
        {
            table.AddRow(
                $"[red]{finding.Verdict.ToString().ToLowerInvariant()}[/]",
                Markup.Escape(finding.Twin),
                finding.Property is null ? finding.Verdict == Verdict.Lost ? "[grey]the twin[/]" : "[grey]revision[/]" : Markup.Escape(finding.Property),
                Value(finding.Expected),
                finding.Entry is { } entry ? Figures.Count(entry) : "–",
                Value(finding.Found),
                finding.FoundEntry is { } found ? Figures.Count(found) : "–");
        }

        if (show > 0)
        {
            console.Write(table);
        }

        if (report.Findings.Count > show)
        {
            console.WriteLine($"And {Figures.Count(report.Findings.Count - show)} more; --json has all.");
        }
    }

    private static string Value(System.Text.Json.Nodes.JsonNode? value)
    {
        const int Longest = 40;
        var text = value?.ToJsonString(Json) ?? "–";
        return Markup.Escape(text.Length > Longest ? text[..Longest] + "…" : text);
    }

    private static Table Plain() => new() { Border = TableBorder.Rounded, ShowHeaders = false, BorderStyle = new Style(Color.Grey) };

    private static void Row(Table table, string label, long count, string text) =>
        table.AddRow(label, Figures.Count(count), Markup.Escape(text));

    private static void Count(Table table, string label, long count, string text) =>
        table.AddRow(label, count == 0 ? "0" : $"[red]{Figures.Count(count)}[/]", Markup.Escape(text));
}
