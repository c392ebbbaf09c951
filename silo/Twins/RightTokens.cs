using System.Runtime.InteropServices;

namespace Twins.Silo.Twins;

/// <summary>
/// The highest fencing token that a twin knows of each right, for up to <see cref="Capacity"/> rights. One right is kept inline: most
/// twins never have a second one. Immutable; the empty value knows none.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RightTokens
{
    /// <summary>Rights that are remembered; a further one replaces the one that was granted first (the lowest token).</summary>
    public const int Capacity = 5;

    private readonly RightToken _first;
    private readonly RightToken[]? _more;

    private RightTokens(RightToken first, RightToken[]? more) => (_first, _more) = (first, more);

    /// <summary>Gets whether no right is known.</summary>
    public bool IsEmpty => _first.Right == 0;

    /// <summary>Returns what is known of all rights.</summary>
    public IEnumerable<RightToken> All() => IsEmpty ? [] : [_first, .. _more ?? []];

    /// <summary>Returns what is known of a right; token 0 if nothing is.</summary>
    public RightToken Of(ulong right)
    {
        if (right == _first.Right)
        {
            return _first;
        }

        foreach (var known in _more ?? [])
        {
            if (known.Right == right)
            {
                return known;
            }
        }

        return new RightToken(right, 0, 0);
    }

    /// <summary>Returns these tokens with one that is not before <see cref="Of"/>.</summary>
    public RightTokens With(RightToken token)
    {
        if (IsEmpty || token.Right == _first.Right)
        {
            return new RightTokens(token, _more);
        }

        var more = _more ?? [];
        var at = Array.FindIndex(more, known => known.Right == token.Right);
        if (at < 0 && more.Length < Capacity - 1)
        {
            return new RightTokens(_first, [.. more, token]);
        }

        if (at < 0)
        {
            at = Array.FindIndex(more, known => known.Token == more.Min(other => other.Token));
            if (_first.Token < more[at].Token)
            {
                return new RightTokens(token, more);
            }
        }

        more = [.. more];
        more[at] = token;
        return new RightTokens(_first, more);
    }

    /// <summary>Compares the rights and their tokens.</summary>
    public bool Equals(RightTokens other) => _first == other._first && (_more ?? []).AsSpan().SequenceEqual(other._more ?? []);

    public override int GetHashCode() => _first.GetHashCode();
}
