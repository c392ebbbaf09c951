using System.Buffers;
using System.Text;

namespace Twins.Contracts.Query.Matching;

/// <summary>Characters, which are code points, of texts in UTF-16. Half of a surrogate pair counts as one.</summary>
internal static class Utf16
{
    private const int OneByOne = 32;

    /// <summary>The character that starts at a place.</summary>
    internal static int CharacterAt(ReadOnlySpan<char> text, int at, out int length)
    {
        var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        length = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
    }

    /// <summary>The place behind so many characters; -1 where there are fewer.</summary>
    internal static int Skip(ReadOnlySpan<char> text, int at, int count)
    {
        for (; count > 0; count--)
        {
            if (at == text.Length)
            {
                return -1;
            }

            _ = CharacterAt(text, at, out var length);
            at += length;
        }

        return at;
    }

    /// <summary>The place before so many characters; -1 where there are fewer.</summary>
    internal static int SkipBack(ReadOnlySpan<char> text, int end, int count)
    {
        for (; count > 0; count--)
        {
            if (end == 0)
            {
                return -1;
            }

            end -= end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
        }

        return end;
    }

    /// <summary>Where the first half of a surrogate pair without the other is; -1 for none.</summary>
    internal static int HalfOfPair(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsSurrogate((char)CharacterAt(text, at, out var length)) && length == 1)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    /// <summary>Makes texts that differ in case only the same: unit by unit, as <see cref="char.ToUpperInvariant"/> has it.</summary>
    internal static void Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        // By vectors up to what is not ASCII; then some one by one, because more of the kind is likely to come.
        while (Ascii.ToUpper(text, folded, out var done) != OperationStatus.Done)
        {
            for (var end = Math.Min(text.Length, done + OneByOne); done < end; done++)
            {
                folded[done] = char.ToUpperInvariant(text[done]);
            }

            text = text[done..];
            folded = folded[done..];
        }
    }
}
