namespace Twins.Contracts.Query.Matching;

/// <summary>What is between two stars of a pattern, or between one and an end.</summary>
/// <param name="runs">One at least; only the first may have no literal.</param>
/// <param name="ignoreCase">Literals are folded, and texts are to be.</param>
internal sealed class LikePiece(LikeRun[] runs, bool ignoreCase)
{
    /// <summary>No text of fewer UTF-16 units has it.</summary>
    internal int Least => runs.Sum(static run => run.Literal.Length + run.Ones);

    /// <summary>How many characters of any kind it starts with, what is between, and how many it ends with: beside a star they may as well be elsewhere.</summary>
    internal (int Before, LikeRun[] Core, int Behind) Trimmed()
    {
        var before = runs[0].Literal.Length == 0 ? runs[0].Ones : 0;
        LikeRun[] core = runs[0].Literal.Length == 0 ? runs[1..] : [.. runs];
        if (core.Length == 0)
        {
            return (before, core, 0);
        }

        var behind = core[^1].Ones;
        core[^1] = core[^1] with { Ones = 0 };
        return (before, core, behind);
    }

    /// <summary>Where it ends in a text if it starts here; -1 where it does not.</summary>
    internal int EndFrom(ReadOnlySpan<char> text, int at)
    {
        foreach (var (literal, ones) in runs)
        {
            if (!IsAt(text, at, literal))
            {
                return -1;
            }

            at = Utf16.Skip(text, at + literal.Length, ones);
            if (at < 0)
            {
                return -1;
            }
        }

        return at;
    }

    /// <summary>Where it starts in a text if it ends here; -1 where it does not.</summary>
    internal int StartUpTo(ReadOnlySpan<char> text, int end)
    {
        for (var i = runs.Length - 1; i >= 0; i--)
        {
            end = Utf16.SkipBack(text, end, runs[i].Ones) - runs[i].Literal.Length;
            if (end < 0 || !IsAt(text, end, runs[i].Literal))
            {
                return -1;
            }
        }

        return end;
    }

    private bool IsAt(ReadOnlySpan<char> text, int at, string literal)
    {
        if (!ignoreCase)
        {
            return text[at..].StartsWith(literal);
        }

        if (text.Length - at < literal.Length)
        {
            return false;
        }

        for (var i = 0; i < literal.Length; i++)
        {
            if (char.ToUpperInvariant(text[at + i]) != literal[i])
            {
                return false;
            }
        }

        return true;
    }
}
