using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>Describes why a text is not JSON and how to correct it: frequent mistakes have messages of their own, others have the message of the parser.</summary>
internal static class JsonMistakes
{
    private const int MaxReason = 120;

    private const int MaxWord = 40;

    private static readonly string[] s_literals = ["true", "false", "null"];

    private static readonly SearchValues<byte> s_wordBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."u8);

    private static readonly SearchValues<byte> s_whiteSpace = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Returns the reason and the remedy.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="malformed">What the parser says of it.</param>
    public static string Describe(ReadOnlySpan<byte> utf8, JsonException malformed)
    {
        var at = Index(utf8, malformed);
        return Frequent(utf8, at) ?? $"{Reason(malformed.Message)}; send exactly one JSON value";
    }

    private static string? Frequent(ReadOnlySpan<byte> utf8, int at)
    {
        if (utf8.IndexOfAnyExcept(s_whiteSpace) < 0)
        {
            return "there is only white space; send exactly one JSON value";
        }

        if (at >= utf8.Length)
        {
            return null;
        }

        switch (utf8[at])
        {
            case (byte)'}' or (byte)']' when Before(utf8, at) == ',':
                return $"a comma stands in front of the closing {(char)utf8[at]}; remove the comma";
            case (byte)'\'':
                return "names and texts stand in double quotes, not in single ones";
            case (byte)'/' or (byte)'#':
                return "JSON has no comments; remove it";
            default:
                return Word(utf8, at);
        }
    }

    /// <summary>A word without quotes; the parser may point into its middle.</summary>
    private static string? Word(ReadOnlySpan<byte> utf8, int at)
    {
        var start = utf8[..at].LastIndexOfAnyExcept(s_wordBytes) + 1;
        var length = utf8[start..].IndexOfAnyExcept(s_wordBytes);
        length = length < 0 ? utf8.Length - start : length;
        if (length == 0 || length > MaxWord || !char.IsAsciiLetter((char)utf8[start]) || Before(utf8, start) is not (0 or ':' or ',' or '[' or '{'))
        {
            return null;
        }

        var word = Encoding.ASCII.GetString(utf8.Slice(start, length));
        return s_literals.FirstOrDefault(literal => literal.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } literal
            ? $"{word} is written {literal}"
            : word is "NaN" or "Infinity" ? $"JSON has no number {word}; leave the property out"
            : $"names and texts stand in double quotes: \"{word}\"";
    }

    /// <summary>The byte in front of a position, white space aside; 0 at the start.</summary>
    private static int Before(ReadOnlySpan<byte> utf8, int at)
    {
        var before = utf8[..at].LastIndexOfAnyExcept(s_whiteSpace);
        return before < 0 ? 0 : utf8[before];
    }

    private static int Index(ReadOnlySpan<byte> utf8, JsonException malformed)
    {
        var line = 0;
        for (var left = malformed.LineNumber ?? 0; left > 0; left--)
        {
            line += utf8[line..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(utf8.Length, line + (malformed.BytePositionInLine ?? 0));
    }

    /// <summary>
    /// "'N' is an invalid start of a value. LineNumber: 0 | BytePositionInLine: 0.": the position is said our way. A reason may quote what
    /// was sent; a sentence stays one line, and short.
    /// </summary>
    private static string Reason(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = (position < 0 ? message : message[..position]).TrimEnd('.');
        var line = string.Concat(reason.Take(MaxReason).Select(static c => char.IsControl(c) ? ' ' : c));
        return reason.Length > MaxReason ? line + "…" : line;
    }
}
