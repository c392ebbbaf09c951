using System.Globalization;
using System.Reflection;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>A report as one HTML page that needs nothing else: styles and charts are in it, and no script.</summary>
internal static class ReportPage
{
    private static readonly string Style = ReadStyle();

    public static string Of(RunReport report)
    {
        var html = new HtmlText();
        html.Raw("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">");
        html.Raw("<meta name=\"color-scheme\" content=\"light dark\">").Element("title", report.Title).Raw("<style>").Raw(Style).Raw("</style><main>");
        WriteHead(html, report);
        WriteFigures(html, report.Summary);
        WriteCharts(html, report);
        html.Raw("<div class=tables>");
        ReportTables.Write(html, report);
        html.Raw("</div></main>");
        return html.ToString();
    }

    /// <summary>How it went, in a sentence.</summary>
    public static string Verdict(RunSummary summary)
    {
        if (summary.Connected == 0)
        {
            return $"None of {Figures.Count(summary.Devices)} devices could connect.";
        }

        var wrong = new List<string>();
        if (summary.NeverConnected > 0)
        {
            wrong.Add($"{Figures.Count(summary.NeverConnected)} of {Figures.Count(summary.Devices)} devices never connected");
        }

        if (summary.Unacknowledged > 0)
        {
            wrong.Add($"{Figures.Count(summary.Unacknowledged)} of {Figures.Count(summary.Published)} messages were not acknowledged");
        }

        return wrong.Count > 0
            ? string.Join(", and ", wrong) + "."
            : summary.Acknowledged == 0
                ? $"{Figures.Count(summary.Published)} messages were sent, at QoS 0, which nobody acknowledges."
                : $"All {Figures.Count(summary.Acknowledged)} messages of {Figures.Count(summary.Connected)} devices were acknowledged.";
    }

    private static void WriteHead(HtmlText html, RunReport report)
    {
        html.Raw("<header><p class=kicker>").Text(report.Summary.Replay is null ? "Fleet simulation" : "Replay").Raw("</p>");
        html.Element("h1", report.Title);
        html.Raw($"<p class=\"verdict {(report.Summary.Succeeded ? "good" : "bad")}\">").Raw(report.Summary.Succeeded ? "<b>✓</b> " : "<b>✗</b> ");
        html.Text(Verdict(report.Summary)).Raw("</p><p class=note>");
        html.Text(string.Create(CultureInfo.InvariantCulture, $"Started {report.Started.UtcDateTime:d MMMM yyyy, HH:mm:ss} UTC, took {Figures.Time(TimeSpan.FromSeconds(report.Summary.Seconds))}."));
        html.Raw("</p></header>");
    }

    private static void WriteFigures(HtmlText html, RunSummary summary)
    {
        html.Raw("<section class=figures>");
        Figure(html, "devices", Figures.Count(summary.Connected), $"of {Figures.Count(summary.Devices)} connected" + (summary.LostConnections > 0 ? $", {Figures.Count(summary.LostConnections)} connections lost" : ""), summary.NeverConnected > 0);
        Figure(html, "published", Figures.Count(summary.Published), $"{Figures.PerSecond(summary.Seconds > 0 ? summary.Published / summary.Seconds : 0)}", false);
        Figure(html, "acknowledged", Figures.Count(summary.Acknowledged), summary.Unacknowledged == 0 ? "none missing" : $"{Figures.Count(summary.Unacknowledged)} missing", summary.Unacknowledged > 0);
        if (summary.Latency.Count > 0)
        {
            Figure(html, "median latency", Figures.Milliseconds(summary.Latency.P50), $"{Figures.Milliseconds(summary.Latency.P99)} p99", false);
        }

        if (summary.Faults.Count > 0)
        {
            Figure(html, "faults", Figures.Count(summary.Faults.Values.Sum()), $"of {summary.Faults.Count} kind{(summary.Faults.Count == 1 ? "" : "s")}, on purpose", false);
        }

        Figure(html, "errors", Figures.Count(summary.Errors.Sum(static error => error.Count)), summary.Errors.Count == 0 ? "none" : $"of {summary.Errors.Count} kind{(summary.Errors.Count == 1 ? "" : "s")}", summary.Errors.Count > 0);
        html.Raw("</section>");
    }

    private static void Figure(HtmlText html, string name, string value, string rest, bool isBad) =>
        html.Raw($"<div{(isBad ? " class=bad" : "")}>").Element("dt", name).Element("dd", value).Element("p", rest).Raw("</div>");

    private static void WriteCharts(HtmlText html, RunReport report)
    {
        var samples = report.Series.Samples;
        if (samples.Count == 0)
        {
            html.Raw("<p class=note>The run was too short for charts: less than a second.</p>");
        }
        else
        {
            WriteTimeCharts(html, report, samples);
        }

        if (report.Latencies.Count > 0)
        {
            LatencyChart.Write(html, report.Latencies, report.Summary.Latency);
        }
    }

    private static void WriteTimeCharts(HtmlText html, RunReport report, IReadOnlyList<RunSample> samples)
    {
        var time = Scale.OfTime(samples[^1].To);
        var rate = Scale.FromZero(samples.Max(static sample => Math.Max(sample.PublishedPerSecond, sample.AcknowledgedPerSecond)), Figures.PerSecond);
        new TimeChart(
            "Messages", "per second", time, rate,
            [
                new ChartLine("published", "first", true, static sample => sample.PublishedPerSecond, Figures.PerSecond),
                new ChartLine("acknowledged", "second", false, static sample => sample.AcknowledgedPerSecond, Figures.PerSecond),
            ]).Write(html, samples);

        if (samples.Any(static sample => sample.P50 is not null))
        {
            var scale = Scale.OfLatency(samples.Min(static sample => sample.P50 ?? double.MaxValue), samples.Max(static sample => sample.P99 ?? 0));
            new TimeChart(
                "Latency", "from publish to acknowledgement, in each second (logarithmic)", time, scale,
                [
                    new ChartLine("p99", "second", false, static sample => sample.P99, Figures.Milliseconds),
                    new ChartLine("p50", "first", false, static sample => sample.P50, Figures.Milliseconds),
                ]).Write(html, samples);
        }

        new TimeChart(
            "Connected devices", $"of {Figures.Count(report.Summary.Devices)}", time, Scale.OfCount(report.Summary.Devices),
            [new ChartLine("connected", "third", true, static sample => sample.Connected, static value => Figures.Count((long)value))]).Write(html, samples);

        if (report.Summary.Faults.Count > 0)
        {
            FaultChart.Write(html, time, samples, report.Summary.Faults);
        }
    }

    private static string ReadStyle()
    {
        using var style = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(style);
        return reader.ReadToEnd();
    }
}
