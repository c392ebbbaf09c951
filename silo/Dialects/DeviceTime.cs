using System.Globalization;

namespace Twins.Silo.Dialects;

/// <summary>
/// Reads the times that devices send: RFC 3339 with <c>T</c> or a space between date and time, and with <c>Z</c> or a numeric offset;
/// or Unix milliseconds. Nothing else is a time: a device whose time is misread orders its own messages wrongly. Thread-safe.
/// </summary>
internal static class DeviceTime
{
    /// <summary>Below this, March 1973, a number is taken for Unix seconds: as seconds it is the year 5138.</summary>
    private const long FirstMillisecond = 100_000_000_000;

    /// <summary>The last millisecond of the year 9999.</summary>
    private const long LastMillisecond = 253_402_300_799_999;

    private const string Right = "it must be an RFC 3339 time such as 2026-01-02T03:04:05.678Z, or Unix milliseconds";

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text, or the number as it stands in the JSON.</param>
    /// <param name="at">The time, in UTC; what is finer than 100 ns is cut off.</param>
    /// <param name="hint">If it is no time: the end of a sentence that says what is wrong, or what would be right.</param>
    public static bool TryParse(string text, out DateTimeOffset at, out string? hint)
    {
        (at, hint) = (default, null);
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return TryMilliseconds(text, out at, out hint);
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            hint = Math.Abs(number) < FirstMillisecond ? Seconds : "it must be a whole number of Unix milliseconds, written in digits only";
            return false;
        }

        if (TryDateAndTime(text, out var local, out var zone) && TryOffset(zone, out var offsetMinutes))
        {
            var ticks = local - (offsetMinutes * TimeSpan.TicksPerMinute);
            if (ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks)
            {
                at = new DateTimeOffset(ticks, TimeSpan.Zero);
                return true;
            }
        }

        hint = HintFor(text);
        return false;
    }

    private static string Seconds => "seconds? ts is in Unix milliseconds: multiply by 1000";

    private static bool TryMilliseconds(string digits, out DateTimeOffset at, out string? hint)
    {
        (at, hint) = (default, null);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > LastMillisecond)
        {
            hint = "microseconds or nanoseconds? ts is in Unix milliseconds, to the year 9999";
            return false;
        }

        if (milliseconds < FirstMillisecond)
        {
            hint = Seconds;
            return false;
        }

        at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Reads what stands in front of the zone, in ticks (RFC 3339, section 5.6).</summary>
    private static bool TryDateAndTime(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> zone)
    {
        ticks = 0;
        zone = default;
        if (text.Length < "2026-01-02T03:04:05".Length
            || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':'
            || !TryNumber(text[..4], 1, 9999, out var year) || !TryNumber(text[5..7], 1, 12, out var month)
            || !TryNumber(text[8..10], 1, DateTime.DaysInMonth(year, month), out var day)
            || !TryNumber(text[11..13], 0, 23, out var hour) || !TryNumber(text[14..16], 0, 59, out var minute)
            // 60 is a leap second, which .NET has not: it is taken for the second after it.
            || !TryNumber(text[17..19], 0, 60, out var second))
        {
            return false;
        }

        ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks + (second * TimeSpan.TicksPerSecond);
        zone = text[19..];
        if (zone is not ['.', ..])
        {
            return true;
        }

        var digits = zone[1..].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? zone.Length - 1 : digits;
        var weight = TimeSpan.TicksPerSecond / 10;
        foreach (var digit in zone[1..(1 + digits)])
        {
            ticks += (digit - '0') * weight;
            weight /= 10;
        }

        zone = zone[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<char> zone, out int minutes)
    {
        minutes = 0;
        if (zone is ['Z' or 'z'])
        {
            return true;
        }

        if (zone is not ['+' or '-', _, _, ':', _, _]
            || !TryNumber(zone[1..3], 0, 23, out var hours) || !TryNumber(zone[4..], 0, 59, out minutes))
        {
            return false;
        }

        minutes = (zone[0] == '-' ? -1 : 1) * ((hours * 60) + minutes);
        return true;
    }

    private static string HintFor(string text)
    {
        if (!TryDateAndTime(text, out _, out var zone))
        {
            return Right;
        }

        return zone switch
        {
            [] => "its time zone is missing: append Z for UTC, or an offset such as +01:00",
            [' ', 'Z' or 'z'] => "remove the space in front of Z",
            ['+' or '-', ..] when !TryOffset(zone, out _) => "its offset must have the form +hh:mm, such as +01:00, or be Z for UTC",
            _ => Right,
        };
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, int least, int most, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
