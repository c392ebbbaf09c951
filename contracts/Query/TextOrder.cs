namespace Twins.Contracts.Query;

/// <summary>The order of texts in queries: by code points, which is the order of their bytes in UTF-8.</summary>
public static class TextOrder
{
    // Surrogates (D800-DFFF) stand for what lies behind all that one UTF-16 unit can say, so they are moved behind E000-FFFF.
    private const int Surrogates = 0xD800;
    private const int BehindSurrogates = 0xE000;

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

    private static int Place(char unit) =>
        unit < Surrogates ? unit : unit < BehindSurrogates ? unit + 0x2000 : unit - (BehindSurrogates - Surrogates);
}
