using System.Globalization;

namespace Twins.Simulators.Replay;

/// <summary>Reads times as files have them: RFC 3339, with or without a zone, or Unix seconds or milliseconds.</summary>
internal static class ReplayTime
{
    // As seconds this is the year 5138, as milliseconds 1973: what is greater must be milliseconds.
    private const decimal MillisecondsFrom = 100_000_000_000m;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd",
    ];

    /// <summary>Reads a time as messages carry it (<c>ts</c>): there a number is always Unix milliseconds.</summary>
    public static bool TryParseStamp(string text, out DateTimeOffset time)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return TryParse(text, out time);
        }

        var known = Math.Abs(milliseconds) < MillisecondsFrom * 1000;
        time = known ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return known;
    }

    /// <summary>Reads a time; one without a zone is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            var milliseconds = Math.Abs(number) >= MillisecondsFrom ? number : number * 1000;
            if (Math.Abs(milliseconds) < MillisecondsFrom * 1000)
            {
                time = DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
                return true;
            }
        }

        return DateTimeOffset.TryParseExact(
            text.ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
