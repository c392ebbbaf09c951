using System.Buffers;
using System.Text;
using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query;

/// <summary>
/// A pattern of <c>like</c>: <c>*</c> stands for any number of characters, <c>?</c> for one, <c>\</c> in front of <c>*</c>, <c>?</c> or
/// <c>\</c> for that character itself, and everything else for itself. A character is a code point. Thread-safe.
/// </summary>
/// <remarks>
/// Between stars are pieces. The first stands at the start of a text and the last at its end; those between are looked for one
/// behind the other, each where it comes first: a later place would only leave less for those behind it. So a text is read once,
/// however many stars there are, and <see cref="LikeSearch"/> says what looking for a piece costs.
/// </remarks>
public sealed class LikePattern
{
    private const char Any = '*';
    private const char One = '?';
    private const char Escape = '\\';
    private const int Short = 256;

    private readonly LikePiece _first;
    private readonly LikePiece? _last;
    private readonly LikeSearch[] _between;

    // Characters that have to be there behind what is between the first and the last.
    private readonly int _ones;

    // No shorter text has the form.
    private readonly int _least;

    /// <summary>Makes a pattern.</summary>
    /// <param name="pattern">As it stands in the filter, unescaped; <see cref="Rql.MaxPatternCharacters"/> at most.</param>
    /// <param name="ignoreCase">Letters match whatever their case (invariant culture, UTF-16 unit by unit).</param>
    public LikePattern(string pattern, bool ignoreCase)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pattern.Length, Rql.MaxPatternCharacters, nameof(pattern));
        Pattern = pattern;
        IgnoreCase = ignoreCase;
        var pieces = Split(pattern, ignoreCase);
        _first = pieces[0];
        _last = pieces.Count > 1 ? pieces[^1] : null;
        var between = new List<LikeSearch>();
        foreach (var piece in pieces[1..Math.Max(1, pieces.Count - 1)])
        {
            var (before, core, behind) = piece.Trimmed();
            _ones += before;
            if (core.Length > 0)
            {
                between.Add(new LikeSearch(_ones, core));
                _ones = behind;
            }
        }

        _between = [.. between];

        // Half of a surrogate pair is no character, and nothing is what no text can have.
        _least = Utf16.HalfOfPair(pattern) < 0 ? pieces.Sum(static piece => piece.Least) : int.MaxValue;
    }

    /// <summary>As it stands in the filter.</summary>
    public string Pattern { get; }

    /// <summary>Letters match whatever their case.</summary>
    public bool IgnoreCase { get; }

    /// <summary>Whether a text has the form.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        if (text.Length < _least)
        {
            return false;
        }

        var start = _first.EndFrom(text, 0);
        if (start < 0 || _last is null)
        {
            return start == text.Length;
        }

        var end = _last.StartUpTo(text, text.Length);
        return start <= end && (IgnoreCase && _between.Length > 0 ? HasFolded(text[start..end]) : Has(text[start..end]));
    }

    private bool HasFolded(ReadOnlySpan<char> text)
    {
        char[]? rented = null;
        var folded = text.Length <= Short ? stackalloc char[Short] : rented = ArrayPool<char>.Shared.Rent(text.Length);
        folded = folded[..text.Length];
        Utf16.Fold(text, folded);
        var has = Has(folded);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return has;
    }

    // Whether all that is between the first and the last is there, one behind the other.
    private bool Has(ReadOnlySpan<char> text)
    {
        var at = 0;
        foreach (var search in _between)
        {
            at = search.EndFrom(text, at);
            if (at < 0)
            {
                return false;
            }
        }

        return Utf16.Skip(text, at, _ones) >= 0;
    }

    private static List<LikePiece> Split(string pattern, bool ignoreCase)
    {
        var (pieces, runs) = (new List<LikePiece>(), new List<LikeRun>());
        var (literal, ones) = (new StringBuilder(), 0);
        void EndRun()
        {
            runs.Add(new LikeRun(literal.ToString(), ones));
            literal.Clear();
            ones = 0;
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            var isEscape = pattern[i] == Escape && i + 1 < pattern.Length && pattern[i + 1] is Any or One or Escape;
            switch (pattern[i])
            {
                case Any:
                    EndRun();
                    pieces.Add(new LikePiece([.. runs], ignoreCase));
                    runs.Clear();
                    break;

                case One:
                    ones++;
                    break;

                default:
                    if (ones > 0)
                    {
                        EndRun();
                    }

                    i += isEscape ? 1 : 0;
                    literal.Append(ignoreCase ? char.ToUpperInvariant(pattern[i]) : pattern[i]);
                    break;
            }
        }

        EndRun();
        pieces.Add(new LikePiece([.. runs], ignoreCase));
        return pieces;
    }
}
