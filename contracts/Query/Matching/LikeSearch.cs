namespace Twins.Contracts.Query.Matching;

/// <summary>Looks for the first place of a piece that is between two stars.</summary>
/// <remarks>
/// Without a question mark it is a literal, which the vectorised search of the runtime finds; that compares all of it at every place where two of its
/// characters fit, so that a text made for it costs the product of both lengths, at 16 characters a step. With question
/// marks it is a <see cref="LikeScan"/>.
/// </remarks>
internal sealed class LikeSearch
{
    private readonly int _ones;
    private readonly string _literal;
    private readonly LikeScan? _scan;

    /// <summary>Makes it.</summary>
    /// <param name="ones">Characters of any kind that have to be there before.</param>
    /// <param name="core">The piece; it starts and ends with a character that stands for itself.</param>
    internal LikeSearch(int ones, LikeRun[] core)
    {
        _ones = ones;
        _literal = core[0].Literal;
        _scan = core.Length > 1 ? new LikeScan(core) : null;
    }

    /// <summary>Where it ends when looked for from here; -1 where it is not.</summary>
    internal int EndFrom(ReadOnlySpan<char> text, int at)
    {
        at = Utf16.Skip(text, at, _ones);
        if (at < 0 || _scan is not null)
        {
            return at < 0 ? -1 : _scan!.EndFrom(text, at);
        }

        var found = text[at..].IndexOf(_literal);
        return found < 0 ? -1 : at + found + _literal.Length;
    }
}
