using System.Globalization;
using System.Text.RegularExpressions;

namespace Twins.Simulators.Plans;

/// <summary>Fills in what stands in braces: <c>{kind}</c>, <c>{n}</c>, and <c>{n:000}</c> with zeros in front.</summary>
internal static partial class IdPattern
{
    /// <summary>The text of a kind's device.</summary>
    /// <param name="pattern">Checked by <see cref="Problem"/>.</param>
    /// <param name="kind">The kind's name.</param>
    /// <param name="n">The device's number among its kind, from 1.</param>
    public static string Fill(string pattern, string kind, int n)
    {
        if (!pattern.Contains('{', StringComparison.Ordinal))
        {
            return pattern;
        }

        return Braces().Replace(pattern, match => match.Value switch
        {
            "{kind}" => kind,
            "{n}" => n.ToString(CultureInfo.InvariantCulture),
            var zeros => n.ToString(zeros[3..^1], CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Whether every device's text differs from the others' of its kind.</summary>
    public static bool Counts(string pattern) => pattern.Contains("{n", StringComparison.Ordinal);

    /// <summary>What is wrong with a pattern and what would be right; null: nothing.</summary>
    public static string? Problem(string pattern)
    {
        foreach (Match match in Braces().Matches(pattern))
        {
            if (match.Value is not ("{kind}" or "{n}") && !Numbered().IsMatch(match.Value))
            {
                return $"\"{match.Value}\" stands for nothing; there are {{kind}}, {{n}} and {{n:000}}";
            }
        }

        return null;
    }

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Braces();

    [GeneratedRegex(@"^\{n:0{1,9}\}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbered();
}
