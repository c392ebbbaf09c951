namespace Twins.Contracts;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>Names that differ in more places than this are never suggested.</summary>
    private const int MaxDistance = 3;

    /// <summary>
    /// Returns the name with the fewest insertions, deletions, replacements and swaps of neighbors; upper and lower case count as equal.
    /// Null if every name differs in more than a third of its characters (one more for short ones).
    /// </summary>
    /// <param name="given">The name that was sent.</param>
    /// <param name="names">The names that exist.</param>
    public static string? For(string given, IEnumerable<string> names)
    {
        var (best, least) = ((string?)null, int.MaxValue);
        foreach (var name in names)
        {
            var distance = Distance(given, name);
            if (distance < least && distance <= Math.Min(MaxDistance, 1 + (name.Length / 3)))
            {
                (best, least) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>Returns "; did you mean …?", or nothing if no name is close.</summary>
    public static string Clause(string given, IEnumerable<string> names) => For(given, names) is { } name ? $"; did you mean {name}?" : string.Empty;

    /// <summary>Returns the number of edits from one name to the other (optimal string alignment), <see cref="int.MaxValue"/> if it is certainly too high.</summary>
    public static int Distance(string given, string name)
    {
        if (Math.Abs(given.Length - name.Length) > MaxDistance)
        {
            return int.MaxValue;
        }

        var rows = new int[given.Length + 1, name.Length + 1];
        for (var i = 0; i <= given.Length; i++)
        {
            for (var j = 0; j <= name.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (Same(given[i - 1], name[j - 1]) ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && Same(given[i - 1], name[j - 2]) && Same(given[i - 2], name[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[given.Length, name.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
