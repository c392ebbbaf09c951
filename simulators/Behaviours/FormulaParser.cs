using System.Globalization;

namespace Twins.Simulators.Behaviours;

/// <summary>
/// Reads formulas by precedence climbing. From loose to tight: <c>?:</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons,
/// <c>+ -</c>, <c>* / %</c>, <c>-x</c>, <c>^</c>.
/// </summary>
internal sealed class FormulaParser(string text)
{
    // Nobody writes deeper on purpose, and the stack of a thread is finite.
    private const int Deepest = 50;
    private const int Longest = 2000;

    private readonly FormulaScanner _scanner = new(text);
    private int _depth;

    /// <summary>The whole text as a formula.</summary>
    /// <exception cref="FormulaException">It is none.</exception>
    public FormulaNode Parse()
    {
        if (text.Length > Longest)
        {
            throw new FormulaException(0, $"the formula has {text.Length} characters; at most {Longest} are read, so split it over hidden properties");
        }

        _scanner.Next();
        var root = Choice();
        return _scanner.IsEnd ? root : throw Unexpected("an operator or the end");
    }

    private FormulaNode Choice()
    {
        if (++_depth > Deepest)
        {
            throw new FormulaException(_scanner.At, $"the formula nests deeper than {Deepest} levels; split it over hidden properties");
        }

        var condition = Either();
        if (_scanner.Is("?"))
        {
            var at = _scanner.At;
            _scanner.Next();
            var yes = Choice();
            Expect(":");
            condition = new FormulaNode(FormulaNodeKind.Call, at, "if", 0, [condition, yes, Choice()]);
        }

        _depth--;
        return condition;
    }

    private FormulaNode Either() => Chain(Both, "or", "||");

    private FormulaNode Both() => Chain(Not, "and", "&&");

    private FormulaNode Not()
    {
        var at = _scanner.At;
        var nots = 0;
        while (_scanner.Is("not") || _scanner.Is("!"))
        {
            nots++;
            _scanner.Next();
        }

        var operand = Comparison();
        return nots % 2 == 1 ? new FormulaNode(FormulaNodeKind.Unary, at, "not", 0, [operand])
            : nots > 0 ? new FormulaNode(FormulaNodeKind.Unary, at, "not", 0, [new FormulaNode(FormulaNodeKind.Unary, at, "not", 0, [operand])])
            : operand;
    }

    private FormulaNode Comparison()
    {
        var left = Sum();
        foreach (var sign in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">", "=", "<>"])
        {
            if (_scanner.Is(sign))
            {
                var at = _scanner.At;
                _scanner.Next();
                return new FormulaNode(FormulaNodeKind.Binary, at, sign switch { "=" => "==", "<>" => "!=", _ => sign }, 0, [left, Sum()]);
            }
        }

        return left;
    }

    private FormulaNode Sum() => Chain(Product, "+", "-");

    private FormulaNode Product() => Chain(Signed, "*", "/", "%");

    private FormulaNode Signed()
    {
        var at = _scanner.At;
        var minus = false;
        while (_scanner.Is("-") || _scanner.Is("+"))
        {
            minus ^= _scanner.Is("-");
            _scanner.Next();
        }

        var operand = Power();
        return minus ? new FormulaNode(FormulaNodeKind.Unary, at, "-", 0, [operand]) : operand;
    }

    private FormulaNode Power()
    {
        var left = Operand();
        if (!_scanner.Is("^"))
        {
            return left;
        }

        if (++_depth > Deepest)
        {
            throw new FormulaException(_scanner.At, $"the formula nests deeper than {Deepest} levels; split it over hidden properties");
        }

        var at = _scanner.At;
        _scanner.Next();
        var power = new FormulaNode(FormulaNodeKind.Binary, at, "^", 0, [left, Signed()]);
        _depth--;
        return power;
    }

    private FormulaNode Operand()
    {
        var (kind, at, word) = (_scanner.Kind, _scanner.At, _scanner.Text);
        switch (kind)
        {
            case FormulaTokenKind.Number:
                _scanner.Next();
                return FormulaNode.OfNumber(at, double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture));
            case FormulaTokenKind.Text:
                _scanner.Next();
                return FormulaNode.OfText(at, word);
            case FormulaTokenKind.Name when word is "true" or "false":
                _scanner.Next();
                return FormulaNode.OfBoolean(at, word == "true");
            case FormulaTokenKind.Name when word is not ("and" or "or" or "not"):
                _scanner.Next();
                return _scanner.Is("(") ? Call(at, word) : new FormulaNode(FormulaNodeKind.Name, at, word.Replace('.', '/'), 0, []);
            case FormulaTokenKind.Path:
                _scanner.Next();
                return new FormulaNode(FormulaNodeKind.Name, at, word, 0, []);
        }

        if (_scanner.Is("("))
        {
            _scanner.Next();
            var inner = Choice();
            Expect(")");
            return inner;
        }

        throw Unexpected("a number, a property or \"(\"");
    }

    private FormulaNode Call(int at, string name)
    {
        _scanner.Next();
        var arguments = new List<FormulaNode>();
        while (!_scanner.Is(")") || arguments.Count > 0)
        {
            arguments.Add(Choice());
            if (_scanner.Is(")"))
            {
                break;
            }

            if (!_scanner.Is(","))
            {
                throw Unexpected("\",\" or \")\"");
            }

            _scanner.Next();
        }

        Expect(")");
        return new FormulaNode(FormulaNodeKind.Call, at, name, 0, arguments);
    }

    private FormulaNode Chain(Func<FormulaNode> operand, params ReadOnlySpan<string> signs)
    {
        var left = operand();
        while (true)
        {
            var sign = "";
            foreach (var candidate in signs)
            {
                sign = _scanner.Is(candidate) ? candidate : sign;
            }

            if (sign.Length == 0)
            {
                return left;
            }

            var at = _scanner.At;
            _scanner.Next();
            sign = sign switch { "||" => "or", "&&" => "and", _ => sign };
            left = new FormulaNode(FormulaNodeKind.Binary, at, sign, 0, [left, operand()]);
        }
    }

    private void Expect(string sign)
    {
        if (!_scanner.Is(sign))
        {
            throw Unexpected($"\"{sign}\"");
        }

        _scanner.Next();
    }

    private FormulaException Unexpected(string wanted) => new(
        _scanner.At,
        _scanner.IsEnd ? $"the formula ends where {wanted} is missing; add it" : $"the formula has \"{_scanner.Text}\" where {wanted} should be; check it there");
}
