using System.Globalization;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>The tables at the end of a report: latency, kinds, errors, and how to repeat it.</summary>
internal static class ReportTables
{
    public static void Write(HtmlText html, RunReport report)
    {
        var (summary, options) = (report.Summary, report.Options);
        if (summary.Latency.Count > 0)
        {
            var latency = summary.Latency;
            Table(html, "Latency", [
                ("mean", Figures.Milliseconds(latency.Mean)), ("p50", Figures.Milliseconds(latency.P50)), ("p90", Figures.Milliseconds(latency.P90)),
                ("p99", Figures.Milliseconds(latency.P99)), ("p99.9", Figures.Milliseconds(latency.P999)), ("max", Figures.Milliseconds(latency.Max))]);
        }

        if (report.Kinds.Count > 0)
        {
            Table(html, "Devices", report.Kinds.Select(static kind => (kind.Kind, Figures.Count(kind.Devices))));
        }

        Table(html, "What happened", Happened(summary));
        if (summary.Faults.Count > 0)
        {
            Table(html, "Faults", summary.Faults.OrderByDescending(static kind => kind.Value).Select(static kind => (kind.Key, Figures.Count(kind.Value))));
        }

        if (summary.Errors.Count > 0)
        {
            html.Raw("<section class=wide>").Element("h2", "Errors").Raw("<table class=errors>");
            foreach (var error in summary.Errors)
            {
                html.Raw("<tr><td>").Text(Figures.Count(error.Count)).Raw(" ×</td><th scope=row>").Text(error.Sentence).Raw("</th></tr>");
            }

            html.Raw("</table></section>");
        }

        html.Raw("<section class=wide>").Element("h2", "Settings").Raw("<table class=settings>");
        Rows(html, Settings(report, options));
        html.Raw("</table><p class=note>The same again:</p>").Raw("<pre>").Text(report.Repeat).Raw("</pre></section>");
    }

    private static IEnumerable<(string Name, string Value)> Happened(RunSummary summary)
    {
        if (summary.Replay is { } replay)
        {
            yield return ("readings played", $"{Figures.Count(replay.Delivered)} of {Figures.Count(replay.Readings)}");
        }

        yield return ("readings", Figures.Count(summary.Readings));
        yield return ("readings skipped", Figures.Count(summary.Skipped));
        yield return ("sent again", Figures.Count(summary.Resent));
        yield return ("refused", Figures.Count(summary.Refused));
        yield return ("connections made", Figures.Count(summary.Connects));
        yield return ("connections lost", Figures.Count(summary.LostConnections));
        yield return ("failed attempts to connect", Figures.Count(summary.FailedConnects));
        yield return ("commands answered", Figures.Count(summary.CommandsAnswered));
        yield return ("desired changes taken", Figures.Count(summary.DesiredTaken));
        yield return ("problems the platform told", Figures.Count(summary.Problems));
    }

    private static IEnumerable<(string Name, string Value)> Settings(RunReport report, Fleet.FleetOptions options)
    {
        yield return ("broker", report.Summary.Broker);
        yield return ("plan", report.Plan);
        if (report.Summary.Seed is { } seed)
        {
            yield return ("seed", seed.ToString(CultureInfo.InvariantCulture));
        }

        yield return ("protocol", options.Protocol == MqttProtocol.V5 ? "MQTT 5" : "MQTT 3.1.1");
        yield return ("quality of service", options.QualityOfService.ToString(CultureInfo.InvariantCulture));
        yield return ("numbered messages", options.Sequence ? "yes" : "no");
        yield return ("connects at", options.ConnectRate.ToString());
        if (report.Summary.Ledger is { } ledger)
        {
            yield return ("ledger", $"{Path.GetFileName(ledger.File)}: {Figures.Count(ledger.Reports)} reports, {Figures.Count(ledger.Acknowledged)} acknowledged");
            yield return ("digest", ledger.Digest);
        }
    }

    private static void Table(HtmlText html, string title, IEnumerable<(string Name, string Value)> rows)
    {
        html.Raw("<section>").Element("h2", title).Raw("<table>");
        Rows(html, rows);
        html.Raw("</table></section>");
    }

    private static void Rows(HtmlText html, IEnumerable<(string Name, string Value)> rows)
    {
        foreach (var (name, value) in rows)
        {
            html.Raw("<tr><th scope=row>").Text(name).Raw("</th><td>").Text(value).Raw("</td></tr>");
        }
    }
}
