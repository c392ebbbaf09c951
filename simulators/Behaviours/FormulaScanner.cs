using System.Globalization;

namespace Twins.Simulators.Behaviours;

/// <summary>Cuts a formula into words.</summary>
internal sealed class FormulaScanner(string text)
{
    private int _next;

    public FormulaTokenKind Kind { get; private set; }

    /// <summary>The word's first character, from 0.</summary>
    public int At { get; private set; }

    /// <summary>The word, without quotes or brackets.</summary>
    public string Text { get; private set; } = "";

    public bool IsEnd => Kind == FormulaTokenKind.End;

    /// <summary>Whether the word is this operator or keyword.</summary>
    public bool Is(string word) => Kind is FormulaTokenKind.Sign or FormulaTokenKind.Name && Text == word;

    /// <summary>Goes on to the next word.</summary>
    /// <exception cref="FormulaException">None begins there.</exception>
    public void Next()
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next]))
        {
            _next++;
        }

        At = _next;
        if (_next == text.Length)
        {
            (Kind, Text) = (FormulaTokenKind.End, "");
            return;
        }

        var first = text[_next];
        if (char.IsAsciiDigit(first) || (first == '.' && _next + 1 < text.Length && char.IsAsciiDigit(text[_next + 1])))
        {
            Number();
        }
        else if (char.IsLetter(first) || first == '_')
        {
            Take(FormulaTokenKind.Name, End(_next, static letter => char.IsLetterOrDigit(letter) || letter is '_' or '.'));
        }
        else if (first is '"' or '\'')
        {
            Enclosed(FormulaTokenKind.Text, first, "a text");
        }
        else if (first == '[')
        {
            Enclosed(FormulaTokenKind.Path, ']', "a path");
        }
        else
        {
            Sign();
        }
    }

    private void Number()
    {
        var end = End(_next, char.IsAsciiDigit);
        if (end < text.Length && text[end] == '.')
        {
            end = End(end + 1, char.IsAsciiDigit);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var digits = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            var exponent = End(digits, char.IsAsciiDigit);
            end = exponent > digits ? exponent : end;
        }

        if (end < text.Length && (char.IsLetter(text[end]) || text[end] is '.' or '_'))
        {
            var word = text[_next..End(end, static letter => char.IsLetterOrDigit(letter) || letter is '.' or '_')];
            throw new FormulaException(_next, $"\"{word}\" in the formula is no number; formulas know no units, so write spans in seconds");
        }

        if (!double.IsFinite(double.Parse(text.AsSpan(_next, end - _next), NumberStyles.Float, CultureInfo.InvariantCulture)))
        {
            throw new FormulaException(_next, "a number of the formula is too great; numbers reach 1.7e308");
        }

        Take(FormulaTokenKind.Number, end);
    }

    private void Enclosed(FormulaTokenKind kind, char close, string what)
    {
        var end = text.IndexOf(close, _next + 1);
        if (end < 0)
        {
            throw new FormulaException(_next, $"{what} in the formula is not closed; add {close}");
        }

        (Kind, Text) = (kind, text[(_next + 1)..end]);
        _next = end + 1;
    }

    private void Sign()
    {
        foreach (var sign in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<>", "&&", "||"])
        {
            if (string.CompareOrdinal(text, _next, sign, 0, 2) == 0)
            {
                Take(FormulaTokenKind.Sign, _next + 2);
                return;
            }
        }

        if (!"+-*/%^<>=!?:(),".Contains(text[_next], StringComparison.Ordinal))
        {
            var bad = char.IsControl(text[_next]) || char.IsSurrogate(text[_next]) ? $"U+{(int)text[_next]:X4}" : $"\"{text[_next]}\"";
            throw new FormulaException(_next, $"{bad} means nothing in a formula; it has numbers, properties, functions and + - * / % ^ < > = ? :");
        }

        Take(FormulaTokenKind.Sign, _next + 1);
    }

    private void Take(FormulaTokenKind kind, int end)
    {
        (Kind, Text) = (kind, text[_next..end]);
        _next = end;
    }

    private int End(int from, Func<char, bool> belongs)
    {
        while (from < text.Length && belongs(text[from]))
        {
            from++;
        }

        return from;
    }
}
