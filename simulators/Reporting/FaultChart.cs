using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>When which faults struck: a row for each kind, a mark for each sample in which it did, the darker the more often.</summary>
internal static class FaultChart
{
    private const int Width = 1000;

    public static void Write(HtmlText html, Scale time, IReadOnlyList<RunSample> samples, IReadOnlyDictionary<string, long> totals)
    {
        html.Raw("<figure><figcaption>").Element("h2", "Faults").Raw("<p class=note>").Text("struck on purpose; darker: more often").Raw("</p></figcaption>");
        html.Raw("<div class=\"chart rows\">");
        var kinds = totals.OrderByDescending(static kind => kind.Value).ThenBy(static kind => kind.Key, StringComparer.Ordinal).ToList();
        foreach (var (kind, total) in kinds)
        {
            html.Raw("<div class=row><span class=kind>").Text(kind).Raw(" <b>").Text(Figures.Count(total)).Raw("</b></span>");
            html.Raw((FormattableString)$"<svg viewBox=\"0 0 {Width} 10\" preserveAspectRatio=none role=img aria-label=\"").Text($"when {kind} struck").Raw("\">");
            var most = samples.Max(sample => sample.Faults.GetValueOrDefault(kind));
            foreach (var sample in samples.Where(sample => sample.Faults.ContainsKey(kind)))
            {
                var (count, x) = (sample.Faults[kind], Width * time.At(sample.From.TotalSeconds));
                var width = Math.Max(3, Width * time.At(sample.To.TotalSeconds) - x);
                html.Raw((FormattableString)$"<rect class=mark x={x:0.#} y=0 width={width:0.#} height=10 opacity={0.35 + 0.65 * count / most:0.##}><title>");
                html.Text($"{Figures.Time(sample.To)}\n{kind} × {Figures.Count(count)}").Raw("</title></rect>");
            }

            html.Raw("</svg></div>");
        }

        html.Raw("<div class=axis>");
        TimeChart.WriteLabels(html, time, null);
        html.Raw("</div></div></figure>");
    }
}
