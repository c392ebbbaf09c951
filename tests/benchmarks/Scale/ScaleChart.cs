using System.Globalization;
using System.Text;

namespace Twins.Benchmarks.Scale;

/// <summary>The rows as a picture: bars for the rate, and what an update costs written below.</summary>
internal static class ScaleChart
{
    private const int Left = 70;
    private const int Top = 50;
    private const int Height = 220;
    private const int Step = 130;
    private const int Bar = 70;

    /// <summary>An SVG document, readable on light and on dark.</summary>
    public static string Draw(string title, IReadOnlyList<ScaleRow> rows)
    {
        var width = Left + (Step * rows.Count) + 20;
        var unit = Unit(rows.Max(row => row.Rate));
        var top = unit * Math.Ceiling(rows.Max(row => row.Rate) / unit);
        var svg = new StringBuilder();
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {Top + Height + 80}" font-family="sans-serif" font-size="13" fill="#777">""");
        Add($"""<text x="{Left}" y="24" font-size="16">{title}, messages a second</text>""");
        for (var value = 0.0; value <= top; value += unit)
        {
            var y = Y(value);
            Add($"""<path d="M{Left} {y:0.#}H{width - 20}" stroke="#999" stroke-opacity=".35"/>""");
            Add($"""<text x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{value:#,0}</text>""");
        }

        foreach (var (i, row) in rows.Index())
        {
            var middle = Left + (Step * i) + (Step / 2);
            Add($"""<rect x="{middle - (Bar / 2)}" y="{Y(row.Rate):0.#}" width="{Bar}" height="{Y(0) - Y(row.Rate):0.#}" fill="#3b82c4"/>""");
            Add($"""<text x="{middle}" y="{Y(row.Rate) - 6:0.#}" text-anchor="middle">{row.Rate:#,0}</text>""");
            Add($"""<text x="{middle}" y="{Top + Height + 22}" text-anchor="middle">{row.Twins:#,0} twins</text>""");
            Add($"""<text x="{middle}" y="{Top + Height + 42}" text-anchor="middle" font-size="11">cpu {row.CpuPerThousand * 1000:0} µs each</text>""");
            Add($"""<text x="{middle}" y="{Top + Height + 58}" text-anchor="middle" font-size="11">p99 {row.P99:0} ms</text>""");
        }

        return svg.Append("</svg>\n").ToString();

        double Y(double value) => Top + (Height * (1 - (value / top)));

        void Add(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A round step that gives some four lines.</summary>
    private static double Unit(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(most / 4)));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(step => step * 5 >= most);
    }
}
