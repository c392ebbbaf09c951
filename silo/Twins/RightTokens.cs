namespace Twins.Silo.Twins;

/// <summary>
/// The highest fencing token that a twin knows of each right, for up to <see cref="Capacity"/> rights. One right is kept inline: most
/// twins never have a second one. Immutable; the empty value knows none.
/// </summary>
internal readonly record struct RightTokens
{
    /// <summary>Rights that are remembered; a further one replaces the one that was granted first (the lowest token).</summary>
    public const int Capacity = 5;

    private readonly ulong _right;
    private readonly ulong _token;
    private readonly (ulong Right, ulong Token)[]? _more;

    private RightTokens(ulong right, ulong token, (ulong Right, ulong Token)[]? more) => (_right, _token, _more) = (right, token, more);

    /// <summary>Gets whether no right is known.</summary>
    public bool IsEmpty => _right == 0;

    /// <summary>Returns what is known, in the order in which the rights were first seen.</summary>
    public IEnumerable<(ulong Right, ulong Token)> All() => IsEmpty ? [] : [(_right, _token), .. _more ?? []];

    /// <summary>Returns the token that is known for a right; 0 if none is.</summary>
    public ulong Of(ulong right)
    {
        if (right == _right)
        {
            return _token;
        }

        foreach (var (known, token) in _more ?? [])
        {
            if (known == right)
            {
                return token;
            }
        }

        return 0;
    }

    /// <summary>Returns these tokens with one that is not lower than <see cref="Of"/>.</summary>
    public RightTokens With(ulong right, ulong token)
    {
        if (IsEmpty || right == _right)
        {
            return new RightTokens(right, token, _more);
        }

        var more = _more ?? [];
        var at = Array.FindIndex(more, known => known.Right == right);
        if (at >= 0)
        {
            more = [.. more];
            more[at].Token = token;
            return new RightTokens(_right, _token, more);
        }

        if (more.Length < Capacity - 1)
        {
            return new RightTokens(_right, _token, [.. more, (right, token)]);
        }

        var oldest = Array.FindIndex(more, known => known.Token == more.Min(other => other.Token));
        if (_token < more[oldest].Token)
        {
            return new RightTokens(right, token, more);
        }

        more = [.. more];
        more[oldest] = (right, token);
        return new RightTokens(_right, _token, more);
    }

    /// <summary>Compares the rights and their tokens.</summary>
    public bool Equals(RightTokens other) =>
        _right == other._right && _token == other._token && (_more ?? []).AsSpan().SequenceEqual(other._more ?? []);

    public override int GetHashCode() => HashCode.Combine(_right, _token);
}
