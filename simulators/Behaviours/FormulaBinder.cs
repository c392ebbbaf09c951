using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>Makes a formula ready to be computed over the properties of a kind.</summary>
/// <param name="kind">Whose.</param>
/// <param name="needs">Takes the properties whose value of the same moment the formula needs.</param>
internal sealed class FormulaBinder(KindBinder kind, HashSet<int> needs)
{
    /// <summary>The formula, whose value must be this.</summary>
    /// <exception cref="FormulaException">It is not, or names what there is not.</exception>
    public Term Bind(FormulaNode node, ValueKind expected)
    {
        var (term, found) = Bind(node);
        return found == expected ? term : throw new FormulaException(
            node.At, $"here stands {Words(found)} where {Words(expected)} belongs{Remedy(found, expected)}");
    }

    private (Term Term, ValueKind Kind) Bind(FormulaNode node)
    {
        switch (node.Kind)
        {
            case FormulaNodeKind.Number or FormulaNodeKind.Boolean:
                var number = node.Number;
                return ((in _) => number, node.Kind == FormulaNodeKind.Number ? ValueKind.Number : ValueKind.Boolean);
            case FormulaNodeKind.Text:
                var text = (double)kind.Texts.Add(node.Text);
                return ((in _) => text, ValueKind.Text);
            case FormulaNodeKind.Name:
                return Name(node);
            case FormulaNodeKind.Unary when node.Text == "not":
                var condition = Bind(node.Parts[0], ValueKind.Boolean);
                return ((in moment) => 1 - condition(moment), ValueKind.Boolean);
            case FormulaNodeKind.Unary:
                var negated = Bind(node.Parts[0], ValueKind.Number);
                return ((in moment) => -negated(moment), ValueKind.Number);
            case FormulaNodeKind.Binary:
                return Binary(node);
            default:
                return Call(node);
        }
    }

    private (Term Term, ValueKind Kind) Name(FormulaNode node)
    {
        var property = kind.Find(node.Text);
        if (property >= 0)
        {
            needs.Add(property);
            var at = kind.At(property);
            return ((in moment) => moment.State[at], kind.KindOf(property));
        }

        return FormulaFunctions.Variable(node.Text) is { } variable
            ? (variable, ValueKind.Number)
            : throw Unknown(node, $"there is no property \"{node.Text}\"", kind.Paths.Concat(FormulaFunctions.Variables));
    }

    private (Term Term, ValueKind Kind) Binary(FormulaNode node)
    {
        if (node.Text is "==" or "!=")
        {
            var (first, found) = Bind(node.Parts[0]);
            if (found == ValueKind.Position)
            {
                throw new FormulaException(node.Parts[0].At, "positions can not be compared; take lat(…) and lon(…) of it");
            }

            var second = Bind(node.Parts[1], found);
            return node.Text == "=="
                ? ((in moment) => first(moment) == second(moment) ? 1 : 0, ValueKind.Boolean)
                : ((in moment) => first(moment) != second(moment) ? 1 : 0, ValueKind.Boolean);
        }

        var of = node.Text is "and" or "or" ? ValueKind.Boolean : ValueKind.Number;
        var (left, right) = (Bind(node.Parts[0], of), Bind(node.Parts[1], of));
        return node.Text switch
        {
            "and" => ((in moment) => left(moment) != 0 && right(moment) != 0 ? 1 : 0, ValueKind.Boolean),
            "or" => ((in moment) => left(moment) != 0 || right(moment) != 0 ? 1 : 0, ValueKind.Boolean),
            "<" => ((in moment) => left(moment) < right(moment) ? 1 : 0, ValueKind.Boolean),
            "<=" => ((in moment) => left(moment) <= right(moment) ? 1 : 0, ValueKind.Boolean),
            ">" => ((in moment) => left(moment) > right(moment) ? 1 : 0, ValueKind.Boolean),
            ">=" => ((in moment) => left(moment) >= right(moment) ? 1 : 0, ValueKind.Boolean),
            "+" => ((in moment) => left(moment) + right(moment), ValueKind.Number),
            "-" => ((in moment) => left(moment) - right(moment), ValueKind.Number),
            "*" => ((in moment) => left(moment) * right(moment), ValueKind.Number),
            "/" => ((in moment) => left(moment) / right(moment), ValueKind.Number),
            "%" => ((in moment) => left(moment) % right(moment), ValueKind.Number),
            _ => ((in moment) => Math.Pow(left(moment), right(moment)), ValueKind.Number),
        };
    }

    private (Term Term, ValueKind Kind) Call(FormulaNode node)
    {
        var parts = node.Parts;
        switch (node.Text)
        {
            case "if":
                Count(node, 3, 3, "if(condition, then, else)");
                var condition = Bind(parts[0], ValueKind.Boolean);
                var (yes, found) = Bind(parts[1]);
                var no = Bind(parts[2], found);
                return ((in moment) => condition(moment) != 0 ? yes(moment) : no(moment), found);
            case "pick":
                Count(node, 2, 50, "pick(one, other, …)");
                var (first, kindOfAll) = Bind(parts[0]);
                Term[] choices = [first, .. parts.Skip(1).Select(part => Bind(part, kindOfAll))];
                return ((in moment) => choices[moment.Random.Next(choices.Length)](moment), kindOfAll);
            case "last":
                Count(node, 1, 1, "last(property)");
                var (property, _) = Property(parts[0], ValueKind.Number, "last");
                var before = kind.Before(property);
                return ((in moment) => moment.State[before], kind.KindOf(property));
            case "lat" or "lon" or "heading" or "speed" or "distance":
                Count(node, 1, 1, $"{node.Text}(position)");
                var (track, name) = Property(parts[0], ValueKind.Position, node.Text);
                needs.Add(track);
                var at = kind.At(track) + name switch
                {
                    "lat" => 0,
                    "lon" => 1,
                    "heading" => TrackBehaviour.HeadingSlot,
                    "speed" => TrackBehaviour.SpeedSlot,
                    _ => TrackBehaviour.DistanceSlot,
                };
                return ((in moment) => moment.State[at], ValueKind.Number);
        }

        if (FormulaFunctions.Find(node.Text) is not { } function)
        {
            throw Unknown(node, $"there is no function \"{node.Text}\"", FormulaFunctions.Names);
        }

        Count(node, function.Least, function.Most, function.Usage);
        Term[] arguments = [.. parts.Select(part => Bind(part, ValueKind.Number))];
        return (function.Make(arguments), function.Gives);
    }

    private (int Property, string Function) Property(FormulaNode node, ValueKind of, string function)
    {
        if (node.Kind != FormulaNodeKind.Name)
        {
            throw new FormulaException(node.At, $"{function}(…) takes the name of a property; write for example {function}({(of == ValueKind.Position ? "position" : "flow")})");
        }

        var property = kind.Find(node.Text);
        if (property < 0)
        {
            throw Unknown(node, $"there is no property \"{node.Text}\"", kind.Paths);
        }

        var isTrack = kind.KindOf(property) == ValueKind.Position;
        return isTrack == (of == ValueKind.Position) ? (property, function) : throw new FormulaException(
            node.At,
            isTrack ? $"{function}(…) does not take the position \"{node.Text}\"; take lat(…) or lon(…) of it" : $"{function}(…) takes a property that follows a track, which \"{node.Text}\" does not; name one that does");
    }

    private static void Count(FormulaNode node, int least, int most, string usage)
    {
        if (node.Parts.Count < least || node.Parts.Count > most)
        {
            throw new FormulaException(
                node.At, $"\"{node.Text}\" has {node.Parts.Count} argument{(node.Parts.Count == 1 ? "" : "s")}; write {usage}");
        }
    }

    private static FormulaException Unknown(FormulaNode node, string what, IEnumerable<string> known) =>
        new(node.At, Suggestion.Write(what, node.Text, known));

    private static string Words(ValueKind kind) => kind switch
    {
        ValueKind.Number => "a number",
        ValueKind.Boolean => "true or false",
        ValueKind.Text => "a text",
        _ => "a position",
    };

    private static string Remedy(ValueKind found, ValueKind expected) => (found, expected) switch
    {
        (ValueKind.Boolean, ValueKind.Number) => "; write for example if(…, 1, 0)",
        (ValueKind.Number, ValueKind.Boolean) => "; compare it, for example with > 0",
        (ValueKind.Position, _) => "; take lat(…) or lon(…) of it",
        _ => "; use values of one kind",
    };
}
