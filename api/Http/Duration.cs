using System.Globalization;

namespace Twins.Api.Http;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, or plain seconds.</summary>
internal static class Duration
{
    /// <summary>Reads a duration: digits, perhaps with a decimal point, then a unit.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var (digits, milliseconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1m),
            _ when text.EndsWith('s') => (text[..^1], 1_000m),
            _ when text.EndsWith('m') => (text[..^1], 60_000m),
            _ when text.EndsWith('h') => (text[..^1], 3_600_000m),
            _ => (text, 1_000m),
        };
        duration = default;
        // Ten characters keep the product far from what a TimeSpan can hold.
        if (digits.Length is 0 or > 10
            || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds((double)(value * milliseconds));
        return true;
    }
}
