using System.Globalization;

namespace Twins.Benchmarks.Fleet;

/// <summary>What <c>/metrics</c> said at a time, in the text format of Prometheus.</summary>
internal sealed class MetricsPage
{
    private readonly List<(string Name, string Labels, double Value)> _lines = [];

    public MetricsPage(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // name{label="…",…} value [timestamp]; our labels have neither blanks nor braces in them.
            var labels = line.IndexOf('{', StringComparison.Ordinal);
            var end = labels < 0 ? line.IndexOf(' ', StringComparison.Ordinal) : line.LastIndexOf('}') + 1;
            if (line[0] != '#' && end > 0
                && double.TryParse(line[end..].Trim().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                _lines.Add((labels < 0 ? line[..end] : line[..labels], labels < 0 ? "" : line[labels..end], value));
            }
        }
    }

    /// <summary>A number, of all labels together.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    public double Sum(string name)
    {
        var values = Named(name).Select(line => line.Value).ToArray();
        return values.Length > 0 ? values.Sum() : throw new InvalidOperationException($"/metrics has no \"{name}\"");
    }

    /// <summary>How often a histogram has seen no more than each of its bounds, of all labels together; empty where it has seen nothing yet.</summary>
    public SortedDictionary<double, double> Buckets(string histogram)
    {
        var buckets = new SortedDictionary<double, double>();
        foreach (var (_, labels, value) in Named($"{histogram}_bucket"))
        {
            const string Bound = "le=\"";
            var from = labels.IndexOf(Bound, StringComparison.Ordinal) + Bound.Length;
            var text = labels[from..labels.IndexOf('"', from)];
            var bound = text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
            buckets[bound] = buckets.GetValueOrDefault(bound) + value;
        }

        return buckets;
    }

    private IEnumerable<(string Name, string Labels, double Value)> Named(string name) => _lines.Where(line => line.Name == name);
}
