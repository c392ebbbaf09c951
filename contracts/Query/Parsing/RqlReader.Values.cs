using System.Buffers;
using System.Globalization;
using System.Text;
using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query.Parsing;

internal sealed partial class RqlReader
{
    private const string SingleQuotes = "texts stand in double quotes, not in single ones; write \"…\"";
    private const string TimeForm = "write an RFC 3339 time such as 2026-01-02T03:04:05Z, or one relative to now such as time:now-15m";
    private const string DurationForm = "write a number and one of ms, s, m, h, d, such as 15m or 1.5h, of 36500d at most";
    private const string SpaceForPlus = "a + in an address means a space; write %2B for it there, as in time:now%2B1h";

    private static readonly SearchValues<char> DigitsAndPoint = SearchValues.Create("0123456789.");

    // Null is a value that only some may be compared with, so it is read as one.
    private bool TryReadValue(QueryPath path, out QueryValue? value)
    {
        SkipWhiteSpace();
        var start = _at;
        value = null;
        if (Next == '"')
        {
            return ReadText() is { } read && TryFit(path, new TextValue(read), start, out value);
        }

        var word = TakeWord(asValue: true);
        return word switch
        {
            "" => Fail(start, Next switch
            {
                '\'' => SingleQuotes,
                '{' or '[' => "objects and arrays are not compared; name a property in them and compare that",
                _ => "a value is missing here; write a text in double quotes, a number, true, false, null or time:now-15m",
            }),
            "null" => true,
            "true" or "false" => TryFit(path, new BooleanValue(word == "true"), start, out value),
            _ when word.StartsWith("time:", StringComparison.Ordinal) => TryTime(word, start, out var time) && TryFit(path, time, start, out value),
            _ when char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.' => TryNumber(word, start, out var number) && TryFit(path, number, start, out value),
            _ => Fail(start, IsLiteral(word)
                ? "true, false and null are written in small letters"
                : $"{RqlProblem.Excerpt(word, 0)} is a bare word; put texts in double quotes: {RqlProblem.Quote(word)}"),
        };
    }

    // What can never hold is a mistake, and is told rather than answered with nothing.
    private bool TryFit(QueryPath path, QueryValue value, int start, out QueryValue? fitted)
    {
        fitted = value;
        var kind = DocumentPaths.KindOf(path);
        if (kind == PathKind.Time && value is TextValue { Text: var written })
        {
            fitted = TimeText.TryParse(written, out var at) ? new TimeValue(DateTimeOffset.FromUnixTimeMilliseconds(at), TimeSpan.Zero) : null;
            return fitted is not null || Fail(start, written.StartsWith("time:", StringComparison.Ordinal)
                ? "times that start with time: stand without quotes, such as time:now-15m"
                : $"{RqlProblem.Quote(written)} is no time; {TimeForm}");
        }

        var fits = kind switch
        {
            PathKind.Text => value is TextValue,
            PathKind.Number => value is NumberValue,
            PathKind.Time => value is TimeValue,
            PathKind.Object => false,
            _ => true,
        };
        return fits || Fail(start, $"this can never be the value: {RqlSpelling.Of(path)} {DocumentPaths.Describe(path)}");
    }

    private static bool IsLiteral(string word) =>
        new[] { "true", "false", "null" }.Contains(word, StringComparer.OrdinalIgnoreCase);

    private bool TryNumber(string word, int start, out NumberValue number)
    {
        number = new NumberValue(IsJsonNumber(word) ? QueryNumber.Parse(word) : default);
        return !IsJsonNumber(word)
            ? Fail(start, $"{RqlProblem.Quote(word)} is no number as JSON writes them, such as 40, -0.5 or 1e3; put texts in double quotes")
            : number.Number.IsFinite || Fail(start, $"{RqlProblem.Quote(word)} is beyond 64-bit floating point; write a number nearer to zero than 1.7e308");
    }

    private static bool IsJsonNumber(ReadOnlySpan<char> word)
    {
        word = word.StartsWith("-") ? word[1..] : word;
        var whole = Digits(word);
        if (whole == 0 || (whole > 1 && word[0] == '0'))
        {
            return false;
        }

        word = word[whole..];
        if (word.StartsWith("."))
        {
            var fraction = Digits(word[1..]);
            if (fraction == 0)
            {
                return false;
            }

            word = word[(fraction + 1)..];
        }

        if (word is not [('e' or 'E'), .. var exponent])
        {
            return word.IsEmpty;
        }

        exponent = exponent is ['+' or '-', .. var unsigned] ? unsigned : exponent;
        return !exponent.IsEmpty && Digits(exponent) == exponent.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private bool TryTime(string word, int start, out TimeValue time)
    {
        var moment = word["time:".Length..];
        time = new TimeValue(null, TimeSpan.Zero);
        if (!moment.StartsWith("now", StringComparison.Ordinal))
        {
            var isTime = TimeText.TryParse(moment, out var at);
            time = new TimeValue(isTime ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, TimeSpan.Zero);
            return (isTime && !IsSpaceForPlus()) || Fail(start, IsSpaceForPlus() ? SpaceForPlus : $"{RqlProblem.Quote(moment)} is no time; {TimeForm}");
        }

        var offset = moment.AsSpan("now".Length);
        if (offset.IsEmpty)
        {
            return !IsSpaceForPlus() || Fail(start, SpaceForPlus);
        }

        if (offset[0] is not ('+' or '-') || !TryDuration(offset[1..], out var duration))
        {
            return Fail(start, $"{RqlProblem.Quote(word)} is no time from now; behind now and + or - {DurationForm}");
        }

        time = new TimeValue(null, offset[0] == '-' ? -duration : duration);
        return true;
    }

    private bool IsSpaceForPlus() => char.IsAsciiDigit(Next) && text[_at - 1] == ' ';

    private static bool TryDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var unit = text.IndexOfAnyExcept(DigitsAndPoint);
        if (unit <= 0 || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[unit - 1])
            || !decimal.TryParse(text[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        long ticks = text[unit..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };

        // Divided, because the product of a long number and a unit may be more than a decimal holds.
        if (ticks == 0 || number > Rql.MaxDuration.Ticks / (decimal)ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(number * ticks));
        return true;
    }

    // A text in double quotes with the escapes of JSON; the quote is next.
    private string? ReadText()
    {
        var start = _at++;
        var read = new StringBuilder();
        while (_at < text.Length && text[_at] != '"')
        {
            var at = _at;
            var unit = text[_at++];
            if (unit < ' ')
            {
                Fail(at, "a control character in a text is written as an escape, such as \\n or \\u0007");
                return null;
            }

            if (unit != '\\')
            {
                read.Append(unit);
            }
            else if (ReadEscape() is { } escaped)
            {
                read.Append(escaped);
            }
            else
            {
                Fail(at, "this is no escape of JSON; use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits");
                return null;
            }
        }

        if (_at == text.Length)
        {
            Fail(start, "the text that starts here has no end; close it with a double quote");
            return null;
        }

        _at++;
        var whole = read.ToString();
        if (Utf16.HalfOfPair(whole) >= 0)
        {
            Fail(start, "the text that starts here has half of a surrogate pair in it, which is no character; write both halves, or the character itself");
            return null;
        }

        return whole;
    }

    private char? ReadEscape()
    {
        var kind = _at < text.Length ? text[_at++] : '\0';
        if (kind == 'u')
        {
            var digits = text.AsSpan(_at, Math.Min(4, text.Length - _at));
            _at += digits.Length;
            return digits.Length == 4 && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
                ? (char)unit
                : null;
        }

        return kind switch
        {
            '"' or '\\' or '/' => kind,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => null,
        };
    }
}
