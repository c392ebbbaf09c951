using System.Globalization;
using System.Text;
using Twins.Simulators.Views;

namespace Twins.Simulators.Reporting;

/// <summary>
/// A chart over time. The lines are an SVG that is stretched to whatever room there is; the labels are text beside it and keep
/// their size, so that they can be read on a telephone.
/// </summary>
internal sealed class TimeChart(string title, string note, Scale time, Scale values, IReadOnlyList<ChartLine> lines)
{
    private const int Height = 1000;
    private const int Width = 1000;

    // What is pointed at is told in so many places at most; more would be narrower than a pointer.
    private const int MostHints = 150;

    public void Write(HtmlText html, IReadOnlyList<RunSample> samples)
    {
        html.Raw("<figure><figcaption>").Element("h2", title).Raw("<p class=note>").Text(note).Raw("</p><p class=legend>");
        foreach (var line in lines)
        {
            html.Raw($"<span><i class={line.Style}></i>").Text(line.Name).Raw("</span> ");
        }

        html.Raw("</p></figcaption><div class=chart><div class=plot>");
        html.Raw((FormattableString)$"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=none role=img aria-label=\"").Text(title).Raw("\">");
        WriteGrid(html, time, values);
        foreach (var line in lines)
        {
            WriteLine(html, line, samples);
        }

        WriteHints(html, samples);
        html.Raw("</svg>");
        WriteLabels(html, time, values);
        html.Raw("</div></div></figure>");
    }

    /// <summary>Writes the lines behind a chart.</summary>
    public static void WriteGrid(HtmlText html, Scale? across, Scale? up)
    {
        foreach (var (value, _) in up?.Ticks ?? [])
        {
            var y = Height * (1 - up!.At(value));
            html.Raw((FormattableString)$"<path class=grid d=\"M0 {y:0.#}H{Width}\"/>");
        }

        foreach (var (value, _) in across?.Ticks ?? [])
        {
            var x = Width * across!.At(value);
            html.Raw((FormattableString)$"<path class=grid d=\"M{x:0.#} 0V{Height}\"/>");
        }
    }

    /// <summary>Writes the names of the ticks beside a chart.</summary>
    public static void WriteLabels(HtmlText html, Scale across, Scale? up)
    {
        foreach (var (value, label) in up?.Ticks ?? [])
        {
            html.Raw((FormattableString)$"<span class=y style=\"bottom:{100 * up!.At(value):0.##}%\">").Text(label).Raw("</span>");
        }

        // Every other one goes where there is little room.
        for (var tick = 0; tick < across.Ticks.Count; tick++)
        {
            var (value, label) = across.Ticks[tick];
            html.Raw((FormattableString)$"<span class=\"x{(tick % 2 == 1 && across.Ticks.Count > 4 ? " odd" : "")}\" style=\"left:{100 * across.At(value):0.##}%\">").Text(label).Raw("</span>");
        }
    }

    private void WriteLine(HtmlText html, ChartLine line, IReadOnlyList<RunSample> samples)
    {
        for (var start = 0; start < samples.Count;)
        {
            if (line.Value(samples[start]) is null)
            {
                start++;
                continue;
            }

            var end = start;
            while (end < samples.Count && line.Value(samples[end]) is not null)
            {
                end++;
            }

            WriteStretch(html, line, samples, start, end);
            start = end;
        }
    }

    // From the middle of a sample to the middle of the next; the first and the last reach to their ends, so that one alone is seen.
    private void WriteStretch(HtmlText html, ChartLine line, IReadOnlyList<RunSample> samples, int start, int end)
    {
        var points = new StringBuilder();
        void To(TimeSpan at, double value) => points.Append(
            CultureInfo.InvariantCulture, $"{(points.Length == 0 ? 'M' : 'L')}{Width * time.At(at.TotalSeconds):0.#} {Height * (1 - values.At(value)):0.#}");
        To(samples[start].From, line.Value(samples[start])!.Value);
        for (var index = start; index < end; index++)
        {
            To((samples[index].From + samples[index].To) / 2, line.Value(samples[index])!.Value);
        }

        To(samples[end - 1].To, line.Value(samples[end - 1])!.Value);
        if (line.Filled)
        {
            html.Raw((FormattableString)$"<path class=\"area {line.Style}\" d=\"{points}L{Width * time.At(samples[end - 1].To.TotalSeconds):0.#} {Height}L{Width * time.At(samples[start].From.TotalSeconds):0.#} {Height}Z\"/>");
        }

        html.Raw($"<path class=\"line {line.Style}\" d=\"{points}\"/>");
    }

    private void WriteHints(HtmlText html, IReadOnlyList<RunSample> samples)
    {
        foreach (var group in samples.Chunk(Math.Max(1, (samples.Count + MostHints - 1) / MostHints)))
        {
            var sample = group.Aggregate(static (one, next) => one.And(next));
            var x = Width * time.At(sample.From.TotalSeconds);
            html.Raw((FormattableString)$"<rect class=hint x={x:0.#} y=0 width={Math.Max(0.1, Width * time.At(sample.To.TotalSeconds) - x):0.#} height={Height}><title>");
            html.Text(Figures.Time(sample.To));
            foreach (var line in lines)
            {
                html.Text($"\n{line.Name} {(line.Value(sample) is { } value ? line.Label(value) : "–")}");
            }

            foreach (var (kind, count) in sample.Faults)
            {
                html.Text($"\n{kind} × {Figures.Count(count)}");
            }

            html.Raw("</title></rect>");
        }
    }
}
