using System.Globalization;
using Twins.Simulators.Fleet;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>How many acknowledgements took how long, on a logarithmic scale.</summary>
internal static class LatencyChart
{
    private const int Width = 1000;
    private const int Height = 1000;

    // Of the width: what a label such as "p99.9" takes on a telephone.
    private const double LabelWidth = 0.13;

    public static void Write(HtmlText html, IReadOnlyList<LatencyBucket> buckets, LatencySummary latency)
    {
        var across = Scale.OfLatency(buckets[0].From, buckets[^1].To);
        var most = buckets.Max(static bucket => bucket.Count);
        var up = Scale.FromZero(100.0 * most / latency.Count, static value => value.ToString("0.##", CultureInfo.InvariantCulture) + " %");
        html.Raw("<figure><figcaption>").Element("h2", "Latency distribution").Raw("<p class=note>");
        html.Text("share of all acknowledgements, by how long they took (logarithmic)").Raw("</p></figcaption><div class=\"chart tall\"><div class=plot>");
        html.Raw((FormattableString)$"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=none role=img aria-label=\"Latency distribution\">");
        TimeChart.WriteGrid(html, across, up);
        foreach (var bucket in buckets.Where(static bucket => bucket.Count > 0))
        {
            // The rare slow ones are what is looked for: each is at least a line.
            var height = Math.Max(6, Height * up.At(100.0 * bucket.Count / latency.Count));
            var (x, to) = (Width * across.At(bucket.From), Width * across.At(bucket.To));
            html.Raw((FormattableString)$"<rect class=bar x={x + 0.6:0.#} y={Height - height:0.#} width={Math.Max(0.5, to - x - 1.2):0.#} height={height:0.#}><title>");
            html.Text($"{Figures.Milliseconds(bucket.From)} to {Figures.Milliseconds(bucket.To)}\n{Figures.Count(bucket.Count)} of {Figures.Count(latency.Count)}").Raw("</title></rect>");
        }

        (string Name, double Value)[] marks = [("p50", latency.P50), ("p90", latency.P90), ("p99", latency.P99), ("p99.9", latency.P999), ("max", latency.Max)];
        foreach (var (_, value) in marks)
        {
            html.Raw((FormattableString)$"<path class=percentile d=\"M{Width * across.At(value):0.#} 0V{Height}\"/>");
        }

        html.Raw("</svg>");
        WriteNames(html, across, marks);
        TimeChart.WriteLabels(html, across, up);
        html.Raw("</div></div></figure>");
    }

    // Names that would overlap go one line up.
    private static void WriteNames(HtmlText html, Scale across, IEnumerable<(string Name, double Value)> marks)
    {
        var ends = new List<double>();
        foreach (var (name, value) in marks)
        {
            var at = across.At(value);
            var line = ends.FindIndex(end => at - end >= LabelWidth);
            if (line < 0)
            {
                line = ends.Count;
                ends.Add(at);
            }

            ends[line] = at;
            html.Raw((FormattableString)$"<span class=\"p up{line}\" style=\"left:{100 * at:0.##}%\" title=\"").Text(Figures.Milliseconds(value)).Raw("\">").Text(name).Raw("</span>");
        }
    }
}
