using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Twins.Simulators.Plans;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary><c>check FILE</c>: says what a fleet file describes, or what is wrong with it.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Argument<string> _file = new("file") { Description = "The fleet file (YAML)." };

    public CheckCommand(Surface surface)
        : base("check", "Explains a fleet file, or lists its mistakes with their lines. Nothing connects.")
    {
        Add(_file);
        SetAction(line => Run(line.GetRequiredValue(_file), surface));
    }

    private static int Run(string file, Surface surface)
    {
        Explain(FleetFile.Load(file), surface.ForTables());
        return ExitCodes.Fine;
    }

    private static void Explain(FleetPlan plan, IAnsiConsole console)
    {
        var forecasts = plan.Kinds.Select(kind => KindForecast.Of(plan, kind)).ToList();
        console.MarkupLineInterpolated($"[bold]{plan.Name}[/], namespace {plan.Namespace}, {(plan.Seed is { } seed ? $"seed {seed}" : "a new seed each time")}");
        console.WriteLine(Clock(plan));
        console.Write(Kinds(forecasts));
        if (plan.Faults.Count > 0)
        {
            console.Write(Faults(plan));
        }
    }

    private static string Clock(FleetPlan plan)
    {
        var start = plan.Start is { } at ? at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "the time of this machine";
        var speed = plan.Speed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {plan.Speed:0.###} times as fast");
        var length = plan.Duration is not { } span ? ", until it is stopped"
            : plan.Speed == 1 ? $", for {Spans.Write(span)}"
            : $", for {Spans.Write(span)}, which takes {Spans.Write(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds / plan.Speed, 1)))}";
        return $"its clock starts at {start}{speed}{length}";
    }

    private static Table Kinds(List<KindForecast> forecasts)
    {
        var table = Empty("kind", "devices", "connections", "properties", "settings", "reports", "messages/s", "bytes/s");
        foreach (var column in (int[])[1, 2, 3, 4, 6, 7])
        {
            table.Columns[column].RightAligned();
        }

        foreach (var forecast in forecasts)
        {
            var kind = forecast.Kind;
            table.AddRow(
                kind.Name.EscapeMarkup(),
                Figures.Count(kind.Count),
                Figures.Count(forecast.Connections),
                Figures.Count(kind.Properties.Count(static property => !property.Hidden && !property.Settable)),
                Figures.Count(kind.Properties.Count(static property => property.Settable)),
                Reports(kind.Report),
                Rate(forecast.MessagesPerSecond),
                Figures.Count((long)Math.Ceiling(forecast.BytesPerSecond)));
        }

        table.AddRow(
            "all",
            Figures.Count(forecasts.Sum(static forecast => (long)forecast.Kind.Count)),
            Figures.Count(forecasts.Sum(static forecast => (long)forecast.Connections)),
            "",
            "",
            "",
            Rate(forecasts.Sum(static forecast => forecast.MessagesPerSecond)),
            Figures.Count((long)Math.Ceiling(forecasts.Sum(static forecast => forecast.BytesPerSecond))));
        return table;
    }

    private static string Reports(ReportPlan report) =>
        $"each {Spans.Write(report.Interval)}"
        + (report.Jitter > 0 ? string.Create(CultureInfo.InvariantCulture, $" ± {report.Jitter * 100:0.#} %") : "")
        + (report.OnChange ? ", on change" : "")
        + (report.AtLeastEvery is { } span ? $", all each {Spans.Write(span)}" : "")
        + (report.Burst > 1 ? $", {report.Burst} at a time" : "")
        + (report.WholeOnce ? ", all at the first connection only" : "");

    private static Table Faults(FleetPlan plan)
    {
        var table = Empty("fault", "what happens", "to whom", "when");
        foreach (var fault in plan.Faults)
        {
            table.AddRow(
                (fault.Kind == FaultKind.HalfOpen ? "half-open" : fault.Kind.ToString().ToLowerInvariant()).EscapeMarkup(),
                FaultWords.What(fault).EscapeMarkup(),
                FaultWords.Whom(fault, plan).EscapeMarkup(),
                FaultWords.When(fault));
        }

        return table;
    }

    private static Table Empty(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var column in columns)
        {
            table.AddColumn(column);
        }

        return table;
    }

    private static string Rate(double value) => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
}
