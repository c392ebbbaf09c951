using System.Globalization;

namespace Twins.Simulators.Plans;

/// <summary>Reads and writes spans of time as people do: <c>500ms</c>, <c>60s</c>, <c>5min</c>, <c>1h</c>, <c>2d</c>.</summary>
internal static class Spans
{
    /// <summary>What a sentence says would be right.</summary>
    public const string Examples = "500ms, 60s, 5min or 1h";

    public static bool TryParse(string text, out TimeSpan span)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        var unit = text[digits.Length..] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => double.NaN,
        };
        var right = double.TryParse(digits.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * unit is > 0 and < 3_000_000_000;
        span = right ? TimeSpan.FromSeconds(count * unit) : default;
        return right;
    }

    /// <summary>In the greatest unit that needs no more than two digits behind the point.</summary>
    public static string Write(TimeSpan span)
    {
        foreach (var (unit, name) in (ReadOnlySpan<(double, string)>)[(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")])
        {
            var count = span.TotalSeconds / unit;
            if (count >= 1 && Math.Abs(count * 100 - Math.Round(count * 100)) < 1e-6)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count:0.##}{name}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.##}ms");
    }
}
