using Spectre.Console;
using Spectre.Console.Rendering;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Views;

/// <summary>A panel that is redrawn in place while the fleet runs.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider time) : IFleetView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private const int LabelWidth = 13;
    private const int ValueWidth = 12;
    private const int LongestBar = 32;

    // Borders, gaps, and what stands behind a bar: " of 1,000,000 connected".
    private const int BesidesBar = 36;
    private const int MostWidth = 110;

    // Border, padding, and the gaps between columns. The last column has its width said, or one long line narrows all three.
    private const int BesidesColumns = 8;
    private const int LongestTrouble = 180;
    private const int MostTroubles = 3;

    private readonly RateMeter _published = new(TimeSpan.FromSeconds(2));
    private readonly RateMeter _acknowledged = new(TimeSpan.FromSeconds(2));
    private readonly Queue<double> _history = new();
    private TimeSpan _historyAt;

    public Task ShowAsync(FleetSource source, CancellationToken ended) =>
        console.Live(Draw(source)).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(Refresh, time);
            try
            {
                while (await timer.WaitForNextTickAsync(ended))
                {
                    live.UpdateTarget(Draw(source));
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The run is over; the summary follows.
            }
        });

    // Not to the edge: what the terminal echoes for Ctrl-C would wrap, and what is cleared at the end be one line off.
    private int PanelWidth => Math.Clamp(console.Profile.Width - 4, 40, MostWidth);

    private Panel Draw(FleetSource source)
    {
        var now = source.Snapshot();
        var published = _published.Add(now.Elapsed, now.Published);
        var acknowledged = _acknowledged.Add(now.Elapsed, now.Acknowledged);
        Remember(now.Elapsed, published);

        var grid = new Grid()
            .AddColumn(new GridColumn().Width(LabelWidth).NoWrap())
            .AddColumn(new GridColumn().Width(ValueWidth).NoWrap().RightAligned())
            .AddColumn(new GridColumn().Width(Math.Max(10, PanelWidth - LabelWidth - ValueWidth - BesidesColumns)));
        Row(grid, "devices", Figures.Count(now.Connected), Share(now.Connected, now.Devices, $"of {Figures.Count(now.Devices)} connected"));
        if (source.Replay?.Invoke() is { } replay)
        {
            Row(grid, "readings", Figures.Count(replay.Delivered), Share(replay.Delivered, replay.Readings, $"of {Figures.Count(replay.Readings)} played"));
        }

        if (source.Duration is { } duration)
        {
            Row(grid, "time", Figures.Time(now.VirtualElapsed), Share(now.VirtualElapsed.Ticks, duration.Ticks, $"of {Figures.Time(duration)}"));
        }

        Row(grid, "published", Figures.PerSecond(published), $"[grey]{Figures.Count(now.Published)} in all[/]");
        Row(grid, "acknowledged", Figures.PerSecond(acknowledged), $"[grey]{Figures.Count(now.Acknowledged)} in all, {Figures.Count(now.Unacknowledged)} awaited[/]");
        Row(grid, "latency", now.RecentLatency.Count == 0 ? "–" : Figures.Milliseconds(now.RecentLatency.P50), now.RecentLatency.Count == 0
            ? "[grey]p50[/]"
            : $"[grey]p50,[/] {Figures.Milliseconds(now.RecentLatency.P99)} [grey]p99 of the last second[/]");
        Row(grid, "commands", Figures.Count(now.CommandsAnswered), $"[grey]answered;[/] {Figures.Count(now.DesiredTaken)} [grey]desired changes taken[/]");
        Row(grid, "errors", Red(now.Errors), $"[grey]{Figures.Count(now.Skipped)} readings skipped, {Figures.Count(now.LostConnections)} connections lost[/]");
        if (now.Faults.Count > 0)
        {
            Row(grid, "faults", Figures.Count(now.Faults.Values.Sum()), $"[grey]{Markup.Escape(Figures.ByKind(now.Faults))}[/]");
        }

        if (source.Ledger?.Invoke() is var (reports, noted))
        {
            Row(grid, "ledger", Figures.Count(reports), $"[grey]reports,[/] {Figures.Count(noted)} [grey]of them acknowledged[/]");
        }

        IRenderable sparkline = new Padder(
            new Markup($"[grey]published, last {Math.Max(1, _history.Count)} s[/]\n[green]{Figures.Sparkline(_history)}[/]"), new Padding(0, 1, 0, 0));
        var lines = new List<IRenderable> { grid, sparkline };
        lines.AddRange(now.Troubles.Take(MostTroubles).Select(trouble =>
            new Markup($"[red]{Figures.Count(trouble.Count)} ×[/] {Markup.Escape(Short(trouble.Sentence))}")));
        var state = now.State == FleetState.Stopping ? "[yellow]stopping[/]" : Figures.Time(now.Elapsed);
        return new Panel(new Rows(lines))
        {
            Header = new PanelHeader($" {Markup.Escape(source.Title)} · {state} "),
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Grey),
            Padding = new Padding(1, 0),

            Width = PanelWidth,
        };
    }

    private static string Short(string sentence) => sentence.Length > LongestTrouble ? sentence[..LongestTrouble] + "…" : sentence;

    private void Remember(TimeSpan at, double published)
    {
        if (at - _historyAt < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _historyAt = at;
        _history.Enqueue(published);
        while (_history.Count > Math.Min(60, PanelWidth - 6))
        {
            _history.Dequeue();
        }
    }

    private static void Row(Grid grid, string label, string value, string rest) =>
        grid.AddRow($"[grey]{label}[/]", $"[bold]{value}[/]", rest);

    private static string Red(long errors) => errors == 0 ? "0" : $"[red]{Figures.Count(errors)}[/]";

    private string Share(long part, long whole, string text)
    {
        var width = Math.Clamp(PanelWidth - LabelWidth - ValueWidth - BesidesBar, 0, LongestBar);
        var bar = Figures.Bar(whole == 0 ? 0 : (double)part / whole, width);
        return $"[green]{bar}[/][grey]{new string('━', width - bar.Length)} {text}[/]";
    }
}
