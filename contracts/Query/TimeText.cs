using System.Buffers.Text;
using System.Text;

namespace Twins.Contracts.Query;

/// <summary>
/// Texts that are times: RFC 3339 with an offset or <c>Z</c>, <c>2026-01-02T03:04:05.678+01:00</c>; nothing else is, so that a
/// query says the same wherever it runs. Thread-safe.
/// </summary>
public static class TimeText
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Reads a time.</summary>
    /// <param name="utf8">The text, unescaped.</param>
    /// <param name="unixMilliseconds">The time in Unix milliseconds; what is finer is cut off.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (utf8.Length < "2026-01-02T03:04:05Z".Length
            || utf8[4] != '-' || utf8[7] != '-' || (utf8[10] | 0x20) != 't' || utf8[13] != ':' || utf8[16] != ':'
            || !TryNumber(utf8[..4], 1, 9999, out var year) || !TryNumber(utf8[5..7], 1, 12, out var month)
            || !TryNumber(utf8[8..10], 1, DateTime.DaysInMonth(year, month), out var day)
            || !TryNumber(utf8[11..13], 0, 23, out var hour) || !TryNumber(utf8[14..16], 0, 59, out var minute)
            || !TryNumber(utf8[17..19], 0, 59, out var second)
            || !TryFraction(utf8[19..], out var milliseconds, out var rest) || !TryOffset(rest, out var offsetMinutes))
        {
            return false;
        }

        var time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        unixMilliseconds = time.ToUnixTimeMilliseconds() + milliseconds - (offsetMinutes * 60_000L);
        return unixMilliseconds >= Earliest && unixMilliseconds <= Latest;
    }

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unixMilliseconds">The time in Unix milliseconds; what is finer is cut off.</param>
    public static bool TryParse(string text, out long unixMilliseconds) => TryParse(Encoding.UTF8.GetBytes(text), out unixMilliseconds);

    private static bool TryFraction(ReadOnlySpan<byte> text, out int milliseconds, out ReadOnlySpan<byte> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text[0] != '.')
        {
            return true;
        }

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0)
        {
            return false;
        }

        var weight = 100;
        for (var place = 1; place <= Math.Min(digits, 3); place++)
        {
            milliseconds += (text[place] - '0') * weight;
            weight /= 10;
        }

        rest = text[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            || !TryNumber(text[1..3], 0, 23, out var hours) || !TryNumber(text[4..], 0, 59, out minutes))
        {
            return false;
        }

        minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, int least, int most, out int number) =>
        Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length
            && char.IsAsciiDigit((char)digits[0]) && number >= least && number <= most;
}
