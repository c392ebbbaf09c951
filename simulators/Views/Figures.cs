using System.Globalization;

namespace Twins.Simulators.Views;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string PerSecond(double value) =>
        value.ToString(value is > 0 and < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture) + "/s";

    /// <summary>Milliseconds with three digits or so.</summary>
    public static string Milliseconds(double value) => value switch
    {
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture) + " ms",
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        < 10_000 => value.ToString("N0", CultureInfo.InvariantCulture) + " ms",
        _ => (value / 1000).ToString("N1", CultureInfo.InvariantCulture) + " s",
    };

    public static string Time(TimeSpan value)
    {
        var seconds = (long)Math.Round(value.TotalSeconds);
        return seconds < 3600 ? $"{seconds / 60:00}:{seconds % 60:00}" : $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}";
    }

    /// <summary>One bar per value, scaled from 0 to the greatest.</summary>
    public static string Sparkline(IReadOnlyCollection<double> values)
    {
        var top = values.DefaultIfEmpty().Max();
        return string.Concat(values.Select(value =>
            top <= 0 ? Bars[0] : Bars[(int)Math.Round(value / top * (Bars.Length - 1))]));
    }

    /// <summary>Counts by kind, the greatest first: <c>12 duplicate, 3 flap</c>.</summary>
    public static string ByKind(IReadOnlyDictionary<string, long> counts) => string.Join(
        ", ", counts.OrderByDescending(static kind => kind.Value).ThenBy(static kind => kind.Key, StringComparer.Ordinal).Select(static kind => $"{Count(kind.Value)} {kind.Key}"));

    public static string Bar(double share, int width)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return new string('━', full);
    }
}
