using System.Text;

namespace Twins.Contracts.Query;

/// <summary>
/// A pattern of <c>like</c>: <c>*</c> stands for any number of characters, <c>?</c> for one, <c>\</c> takes the meaning from the
/// character behind it, everything else stands for itself. A character is a code point. Tested in time proportional to the product
/// of both lengths at worst, without backtracking further than the last star. Thread-safe.
/// </summary>
public sealed class LikePattern
{
    private const char Any = '*';
    private const char One = '?';
    private const char Escape = '\\';

    // What the characters of _units are, one for one: a star or a question mark that has its meaning, or the unit itself.
    private readonly char[] _units;
    private readonly bool[] _isSpecial;

    /// <summary>Makes a pattern.</summary>
    /// <param name="pattern">As it stands in the filter, unescaped.</param>
    /// <param name="ignoreCase">Letters match whatever their case (invariant culture).</param>
    public LikePattern(string pattern, bool ignoreCase)
    {
        Pattern = pattern;
        IgnoreCase = ignoreCase;
        var units = new StringBuilder(pattern.Length);
        var special = new List<bool>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var isEscaped = pattern[i] == Escape && i + 1 < pattern.Length;
            i += isEscaped ? 1 : 0;
            var isSpecial = !isEscaped && pattern[i] is Any or One;

            // Two stars say what one says.
            if (isSpecial && pattern[i] == Any && special is [.., true] && units[^1] == Any)
            {
                continue;
            }

            units.Append(ignoreCase ? char.ToUpperInvariant(pattern[i]) : pattern[i]);
            special.Add(isSpecial);
        }

        _units = units.ToString().ToCharArray();
        _isSpecial = [.. special];
    }

    /// <summary>As it stands in the filter.</summary>
    public string Pattern { get; }

    /// <summary>Letters match whatever their case.</summary>
    public bool IgnoreCase { get; }

    /// <summary>Whether a text has the form.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        var (at, next) = (0, 0);
        var (star, retry) = (-1, 0);
        while (at < text.Length)
        {
            if (next < _units.Length && _isSpecial[next] && _units[next] == Any)
            {
                (star, retry) = (next++, at);
            }
            else if (next < _units.Length && _isSpecial[next])
            {
                at += CharacterAt(text, at);
                next++;
            }
            else if (next < _units.Length && Fold(text[at]) == _units[next])
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                // The star takes one character more. Stars before it need not: what they could give, it can take as well.
                retry += CharacterAt(text, retry);
                (at, next) = (retry, star + 1);
            }
            else
            {
                return false;
            }
        }

        return next == _units.Length || (next == _units.Length - 1 && _isSpecial[next] && _units[next] == Any);
    }

    private char Fold(char unit) => IgnoreCase ? char.ToUpperInvariant(unit) : unit;

    private static int CharacterAt(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
}
