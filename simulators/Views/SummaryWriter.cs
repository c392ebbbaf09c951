using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Twins.Simulators.Views;

/// <summary>Writes the end of a run, for people or for programs.</summary>
internal static class SummaryWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static void WriteJson(RunSummary summary, TextWriter writer) =>
        writer.WriteLine(JsonSerializer.Serialize(summary, Json));

    public static void WriteTable(RunSummary summary, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false, BorderStyle = new Style(Color.Grey) };
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn("").RightAligned().NoWrap());
        table.AddColumn(new TableColumn(""));
        if (summary.Replay is { } replay)
        {
            Row(table, "replayed", replay.Delivered, $"of {Figures.Count(replay.Readings)} readings in {Path.GetFileName(replay.File)}");
        }

        Row(table, "devices", summary.Connected, $"of {Figures.Count(summary.Devices)} connected to {summary.Broker}"
            + Some(summary.NeverConnected, "{0} tried and never did"));
        Row(table, "published", summary.Published, string.Create(
            CultureInfo.InvariantCulture, $"in {summary.Seconds:0.0} s, {Figures.PerSecond(summary.Seconds > 0 ? summary.Published / summary.Seconds : 0)}")
            + Some(summary.Skipped, "{0} readings skipped"));
        Row(table, "acknowledged", summary.Acknowledged, (summary.Unacknowledged == 0 ? "none missing" : $"{Figures.Count(summary.Unacknowledged)} MISSING")
            + Some(summary.Resent, "{0} sent again") + Some(summary.Refused, "{0} refused"));
        Row(table, "commands", summary.CommandsAnswered, "answered" + Some(summary.CommandsUnknown, "{0} of them unknown") + Some(summary.CommandsRepeated, "{0} came again"));
        Row(table, "desired", summary.DesiredTaken, "changes taken" + Some(summary.DesiredRefused, "{0} properties refused"));
        Row(table, "connections", summary.Connects, "made" + Some(summary.FailedConnects, "{0} attempts failed") + Some(summary.LostConnections, "{0} lost"));
        table.AddRow("latency", summary.Latency.Count == 0 ? "–" : Figures.Milliseconds(summary.Latency.P50), Latency(summary));
        if (summary.Faults.Count > 0)
        {
            Row(table, "faults", summary.Faults.Values.Sum(), Figures.ByKind(summary.Faults));
        }

        if (summary.Ledger is { } ledger)
        {
            Row(table, "ledger", ledger.Reports, $"reports, {Figures.Count(ledger.Acknowledged)} acknowledged, digest {ledger.Digest}, in {ledger.File}");
        }

        console.Write(table);
        if (summary.Seed is { } seed)
        {
            console.WriteLine($"Same values again with --seed {seed}.");
        }

        foreach (var error in summary.Errors)
        {
            console.MarkupLine($"[red]{Figures.Count(error.Count)} ×[/] {Markup.Escape(error.Sentence)}");
        }
    }

    private static string Latency(RunSummary summary) => summary.Latency.Count == 0
        ? "nothing was acknowledged"
        : $"p50, {Figures.Milliseconds(summary.Latency.P90)} p90, {Figures.Milliseconds(summary.Latency.P99)} p99, "
            + $"{Figures.Milliseconds(summary.Latency.P999)} p99.9, {Figures.Milliseconds(summary.Latency.Max)} max";

    private static string Some(long count, string text) =>
        count == 0 ? string.Empty : ", " + text.Replace("{0}", Figures.Count(count), StringComparison.Ordinal);

    private static void Row(Table table, string label, long count, string rest) =>
        table.AddRow($"{label}", $"[bold]{Figures.Count(count)}[/]", Markup.Escape(rest));
}
