namespace Twins.Contracts.Query.Matching;

/// <summary>Looks for the first place of a piece with question marks in it.</summary>
/// <remarks>
/// All places at once, by bits: the n-th says that the last n + 1 characters are the first of the piece (Baeza-Yates and Gonnet,
/// "A new approach to text searching"). Each character of the text costs four steps at most whatever the text and the piece; where nothing
/// of the piece is there, the vectorised search goes ahead to its first literal.
/// </remarks>
internal sealed class LikeScan
{
    // A piece has no more characters than a pattern.
    private const int MostWords = Rql.MaxPatternCharacters / 64;

    private readonly string _start;
    private readonly int _words;
    private readonly ulong _last;

    // By character: its number, and by number at which places of the piece it may be. Number 0 is what is not in the piece.
    private readonly byte[] _ascii = new byte[128];
    private readonly Dictionary<int, byte> _others = [];
    private readonly ulong[] _places;

    /// <summary>Makes it.</summary>
    /// <param name="core">The piece; it starts and ends with a character that stands for itself.</param>
    internal LikeScan(LikeRun[] core)
    {
        _start = core[0].Literal;
        var characters = new List<int?>();
        foreach (var (literal, ones) in core)
        {
            characters.AddRange(literal.EnumerateRunes().Select(static rune => (int?)rune.Value));
            characters.AddRange(Enumerable.Repeat((int?)null, ones));
        }

        _words = ((characters.Count - 1) / 64) + 1;
        _last = 1UL << (characters.Count - 1);
        var distinct = characters.OfType<int>().Distinct().ToArray();
        _places = new ulong[(distinct.Length + 1) * _words];
        for (var place = 0; place < characters.Count; place++)
        {
            for (var number = 0; number <= distinct.Length; number++)
            {
                if (characters[place] is null || (number > 0 && characters[place] == distinct[number - 1]))
                {
                    _places[(number * _words) + (place / 64)] |= 1UL << place;
                }
            }
        }

        for (var number = 1; number <= distinct.Length; number++)
        {
            if (distinct[number - 1] < _ascii.Length)
            {
                _ascii[distinct[number - 1]] = (byte)number;
            }
            else
            {
                _others[distinct[number - 1]] = (byte)number;
            }
        }
    }

    /// <summary>Where it ends when looked for from here; -1 where it is not.</summary>
    internal int EndFrom(ReadOnlySpan<char> text, int at)
    {
        Span<ulong> reached = stackalloc ulong[MostWords];
        reached = reached[.._words];
        var isReached = false;
        while (at < text.Length)
        {
            if (!isReached)
            {
                var next = text[at..].IndexOf(_start);
                if (next < 0)
                {
                    return -1;
                }

                at += next;
            }

            var character = Utf16.CharacterAt(text, at, out var length);
            at += length;
            isReached = Go(reached, character);
            if ((reached[^1] & _last) != 0)
            {
                return at;
            }
        }

        return -1;
    }

    // One character further: what was reached moves up by one where the character may be there. False: nothing is reached any more.
    private bool Go(Span<ulong> reached, int character)
    {
        var number = character < _ascii.Length ? _ascii[character] : _others.GetValueOrDefault(character);
        var places = _places.AsSpan(number * _words, reached.Length);
        var (carry, any) = (1UL, 0UL);
        for (var word = 0; word < reached.Length; word++)
        {
            var moved = (reached[word] << 1) | carry;
            carry = reached[word] >> 63;
            reached[word] = moved & places[word];
            any |= reached[word];
        }

        return any != 0;
    }
}
