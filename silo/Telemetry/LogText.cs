using System.Globalization;
using System.Text;

namespace Twins.Silo.Telemetry;

/// <summary>What a client chose, as it may stand in the log: without control characters, and not long.</summary>
internal static class LogText
{
    private const int Longest = 100;

    public static string Of(string text)
    {
        if (text.Length <= Longest && !text.Any(MustEscape))
        {
            return text;
        }

        var builder = new StringBuilder(Longest + 8);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            _ = MustEscape(character)
                ? builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : builder.Append(character);
        }

        return builder.Append(text.Length > Longest ? "…" : "").ToString();
    }

    /// <summary>Control and format characters (of which some change the direction of a line), line separators, and surrogates.</summary>
    private static bool MustEscape(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}
