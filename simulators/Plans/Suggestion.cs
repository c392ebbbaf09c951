namespace Twins.Simulators.Plans;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Suggestion
{
    private const int MostListed = 40;

    /// <summary>What is wrong, and the nearest of what is known, or all of it.</summary>
    public static string Write(string what, string written, IEnumerable<string> known)
    {
        var all = known.Distinct(StringComparer.Ordinal).ToList();
        var nearest = all.Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(static candidate => candidate.Distance).FirstOrDefault();
        return nearest.Name is null ? $"{what}; there is none at all"
            : nearest.Distance <= (written.Length <= 3 ? 1 : Math.Max(2, written.Length / 3)) ? $"{what}; did you mean \"{nearest.Name}\"?"
            : $"{what}; there {(all.Count == 1 ? "is" : "are")} {string.Join(", ", all.Take(MostListed))}{(all.Count > MostListed ? ", …" : "")}";
    }

    // Levenshtein, over names that are short; what is longer is no slip of the fingers.
    private static int Distance(string from, string to)
    {
        const int Longest = 64;
        if (from.Length > Longest || to.Length > Longest)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[to.Length + 1];
        for (var column = 0; column <= to.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= from.Length; line++)
        {
            var corner = row[0];
            row[0] = line;
            for (var column = 1; column <= to.Length; column++)
            {
                var above = row[column];
                row[column] = Math.Min(Math.Min(above, row[column - 1]) + 1, corner + (from[line - 1] == to[column - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[to.Length];
    }
}
