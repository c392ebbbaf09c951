using System.Diagnostics.CodeAnalysis;
using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query.Parsing;

/// <summary>
/// Reads one text of a query from its start to its end, without going back. What reads something gives null where it is wrong; the
/// first problem is the one that is told.
/// </summary>
internal sealed partial class RqlReader(string text, string what, string code)
{
    private int _at;
    private Problem? _problem;

    /// <summary>Reads all of the text.</summary>
    internal bool TryRead<T>(Func<RqlReader, T?> read, [NotNullWhen(true)] out T? result, [NotNullWhen(false)] out Problem? problem)
        where T : class
    {
        result = IsReadable() ? read(this) : null;
        problem = _problem;

        // What was read before the mistake is of no use.
        result = problem is null ? result : null;
        return result is not null;
    }

    // Before anything else, so that what is too long costs nothing.
    private bool IsReadable()
    {
        if (text.Length > Rql.MaxCharacters)
        {
            return Fail(Rql.MaxCharacters, $"it has {text.Length} characters, and the limit is {Rql.MaxCharacters}; ask for less at once");
        }

        var half = Utf16.HalfOfPair(text);
        return half < 0 || Fail(half, "half of a surrogate pair is no character; send the text in UTF-8");
    }

    private bool IsAtEnd
    {
        get
        {
            SkipWhiteSpace();
            return _at == text.Length;
        }
    }

    // The character that is next, white space aside; zero at the end.
    private char Next
    {
        get
        {
            SkipWhiteSpace();
            return _at < text.Length ? text[_at] : '\0';
        }
    }

    private void SkipWhiteSpace()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }

    private bool TryTake(char expected)
    {
        if (Next != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    // A run of characters that need no quotes; empty where there are none.
    private string TakeWord(bool asValue = false)
    {
        SkipWhiteSpace();
        var start = _at;
        while (_at < text.Length && (RqlSpelling.IsPlain(text[_at]) || (asValue && text[_at] is '+' or '/')))
        {
            _at++;
        }

        return text[start.._at];
    }

    private bool Fail(int at, string sentence)
    {
        _problem ??= RqlProblem.At(what, code, text, at, sentence);
        return false;
    }
}
