using System.Globalization;
using System.Text;

namespace Twins.Contracts.Query.Parsing;

/// <summary>The sentences that say what is wrong with a query.</summary>
internal static class RqlProblem
{
    private const int MaxExcerpt = 20;

    /// <summary>One sentence: where, near what, and what is wrong.</summary>
    /// <param name="what">What was read: <c>filter</c>, <c>sort</c>, <c>group</c> or <c>measure</c>.</param>
    /// <param name="code">The problem's code.</param>
    /// <param name="text">All of it.</param>
    /// <param name="at">Where the mistake is, in UTF-16 units from 0; said in characters, which are code points, from 1.</param>
    /// <param name="sentence">What is wrong, and what would be right.</param>
    internal static Problem At(string what, string code, string text, int at, string sentence)
    {
        var near = at < text.Length ? $", near \"{Excerpt(text, at)}\"" : text.Length == 0 ? "" : ", its end";
        return new Problem(400, code, $"{what} is wrong at character {CharactersUpTo(text, at) + 1}{near}: {sentence}");
    }

    /// <summary>A word of the query in quotes, shortened.</summary>
    internal static string Quote(string word) => $"\"{Excerpt(word, 0)}\"";

    /// <summary>The question that goes with a near miss; nothing where there is none.</summary>
    internal static string DidYouMean(string? name) => name is null ? "" : $" (did you mean {name}?)";

    /// <summary>A few characters, none of which does anything to a log, a terminal or a page.</summary>
    internal static string Excerpt(string text, int at)
    {
        var excerpt = new StringBuilder();
        foreach (var rune in text.AsSpan(at).EnumerateRunes())
        {
            if (excerpt.Length + rune.Utf16SequenceLength > MaxExcerpt)
            {
                return excerpt.Append('…').ToString();
            }

            excerpt.Append(IsHarmless(rune) ? rune.ToString() : " ");
        }

        return excerpt.ToString();
    }

    private static int CharactersUpTo(string text, int at)
    {
        var count = 0;
        foreach (var _ in text.AsSpan(0, at).EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
