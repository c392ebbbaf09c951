using System.Globalization;

namespace Twins.Simulators.CommandLine;

/// <summary>Reads spans of time as people write them: <c>500ms</c>, <c>60s</c>, <c>5min</c>, <c>1h</c>.</summary>
internal static class Spans
{
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
        var right = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * unit is > 0 and < 3_000_000_000;
        span = right ? TimeSpan.FromSeconds(count * unit) : default;
        return right;
    }
}
