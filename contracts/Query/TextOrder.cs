namespace Twins.Contracts.Query;

/// <summary>The order of texts in queries: by code points, which is the order of their bytes in UTF-8.</summary>
public static class TextOrder
{
    // Surrogates (D800-DFFF) stand for what lies behind all that one UTF-16 unit can say, so they are moved behind E000-FFFF.
    private const int Surrogates = 0xD800;
    private const int BehindSurrogates = 0xE000;

    /// <summary>
    /// Twins are sorted by so many characters of a text; where those are equal, the next key decides. So what was sorted by is no more than a
    /// KiB, and the place behind a twin can be said with it.
    /// </summary>
    public const int SortedCharacters = 256;

    /// <summary>Compares: less than 0 where <paramref name="left"/> comes first; null comes before all.</summary>
    public static int Compare(string? left, string? right) =>
        left is null ? (right is null ? 0 : -1) : right is null ? 1 : Compare(left.AsSpan(), right.AsSpan());

    /// <summary>Compares: less than 0 where <paramref name="left"/> comes first.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length)
            : Place(left[same]).CompareTo(Place(right[same]));
    }

    /// <summary>Compares texts in UTF-8 by what they are sorted by.</summary>
    public static int CompareSorted(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        // So many bytes are no more characters, and mostly decide.
        var order = left[..Math.Min(left.Length, SortedCharacters)].SequenceCompareTo(right[..Math.Min(right.Length, SortedCharacters)]);
        return order != 0 ? order : Sorted(left).SequenceCompareTo(Sorted(right));
    }

    /// <summary>What a text in UTF-8 is sorted by.</summary>
    public static ReadOnlySpan<byte> Sorted(ReadOnlySpan<byte> text)
    {
        if (text.Length <= SortedCharacters)
        {
            return text;
        }

        var characters = 0;
        for (var at = 0; at < text.Length; at++)
        {
            // All but the first byte of a character are 10xxxxxx.
            if ((text[at] & 0xC0) != 0x80 && characters++ == SortedCharacters)
            {
                return text[..at];
            }
        }

        return text;
    }

    private static int Place(char unit) =>
        unit < Surrogates ? unit : unit < BehindSurrogates ? unit + 0x2000 : unit - (BehindSurrogates - Surrogates);
}
