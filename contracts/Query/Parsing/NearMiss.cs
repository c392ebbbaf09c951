namespace Twins.Contracts.Query.Parsing;

/// <summary>What somebody who wrote a name that is not known may have meant.</summary>
internal static class NearMiss
{
    // Words are short; what is longer was no slip of the finger, and is not worth the product of two lengths.
    private const int MaxCharacters = 24;

    /// <summary>The name that is nearest to a word; null if none is near.</summary>
    internal static string? Of(string word, IReadOnlyList<string> names)
    {
        if (word.Length is 0 or > MaxCharacters)
        {
            return null;
        }

        string? nearest = null;
        var least = 3;
        foreach (var name in names)
        {
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }

            // Half of a word must be right at least, lest "eq" be meant by everything that is short.
            var distance = word.Length >= 3 && name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 1 : Distance(word, name);
            if (distance < least && distance * 2 <= Math.Min(word.Length, name.Length))
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    // Levenshtein: characters to change, to put in or to leave out.
    private static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[MaxCharacters + 1];
        row = row[..(left.Length + 1)];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = i;
        }

        foreach (var other in right)
        {
            var diagonal = row[0]++;
            for (var i = 1; i < row.Length; i++)
            {
                var change = diagonal + (left[i - 1] == other ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(change, Math.Min(row[i], row[i - 1]) + 1);
            }
        }

        return row[^1];
    }
}
