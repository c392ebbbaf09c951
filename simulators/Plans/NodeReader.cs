using System.Globalization;
using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>Reads single values; what can not be read is noted, and the answer is then null.</summary>
internal sealed class NodeReader(Mistakes mistakes)
{
    public Mistakes Mistakes { get; } = mistakes;

    /// <summary>Notes that a value is not what belongs there.</summary>
    public void Wrong(PlanNode node, string what, string right) =>
        Mistakes.Add(node.Place with { Column = 0 }, $"{what} is {node.Words}; {right}");

    public double? Number(PlanNode node, string what, double least, double greatest)
    {
        if (TryNumber(node, out var number) && number >= least && number <= greatest)
        {
            return number;
        }

        Wrong(node, what, least <= double.MinValue && greatest >= double.MaxValue ? "write a number such as 12.5"
            : greatest >= double.MaxValue ? $"write a number, at least {Text(least)}"
            : $"write a number from {Text(least)} to {Text(greatest)}");
        return null;
    }

    public double? Number(PlanNode node, string what) => Number(node, what, double.MinValue, double.MaxValue);

    /// <summary>A number of more than 0.</summary>
    public double? Positive(PlanNode node, string what)
    {
        if (TryNumber(node, out var number) && number > 0)
        {
            return number;
        }

        Wrong(node, what, "write a number more than 0");
        return null;
    }

    public int? Whole(PlanNode node, string what, int least, int greatest)
    {
        if (node is ScalarNode { Plain: true } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= greatest)
        {
            return number;
        }

        Wrong(node, what, $"write a whole number from {Text(least)} to {Text(greatest)}");
        return null;
    }

    public TimeSpan? Span(PlanNode node, string what)
    {
        if (node is ScalarNode scalar && Spans.TryParse(scalar.Text, out var span))
        {
            return span;
        }

        Wrong(node, what, $"write a span of time with its unit: {Spans.Examples}");
        return null;
    }

    /// <summary>A share or a probability, 0 to 1: <c>5%</c> or <c>0.05</c>.</summary>
    public double? Share(PlanNode node, string what)
    {
        if (node is ScalarNode scalar)
        {
            var percent = scalar.Text.EndsWith('%');
            if (double.TryParse(scalar.Text.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
                && (percent ? share / 100 : share) is >= 0 and <= 1)
            {
                return percent ? share / 100 : share;
            }
        }

        Wrong(node, what, "write a share from 0% to 100%, such as 5% or 0.05");
        return null;
    }

    public bool? Flag(PlanNode node, string what)
    {
        if (node is ScalarNode { Plain: true, Text: "true" or "false" } scalar)
        {
            return scalar.Text == "true";
        }

        Wrong(node, what, "write true or false");
        return null;
    }

    public string? Text(PlanNode node, string what)
    {
        if (node is ScalarNode { IsNull: false } scalar)
        {
            return scalar.Text;
        }

        Wrong(node, what, "write a text");
        return null;
    }

    public string? Choice(PlanNode node, string what, IReadOnlyList<string> choices)
    {
        if (node is ScalarNode scalar && choices.Contains(scalar.Text, StringComparer.Ordinal))
        {
            return scalar.Text;
        }

        Wrong(node, what, $"write {string.Join(", ", choices.SkipLast(1))} or {choices[^1]}");
        return null;
    }

    /// <summary>A number or a formula (<c>=…</c>) that gives one.</summary>
    public Formula? NumberOrFormula(PlanNode node, string what)
    {
        if (node is ScalarNode scalar && scalar.Text.StartsWith('='))
        {
            return Parse(scalar);
        }

        if (TryNumber(node, out var number))
        {
            return Formula.Of(number);
        }

        Wrong(node, what, "write a number, or a formula with = in front such as =2 * flow");
        return null;
    }

    /// <summary>A span, or a formula that gives seconds.</summary>
    public Formula? SpanOrFormula(PlanNode node, string what)
    {
        if (node is ScalarNode scalar)
        {
            if (scalar.Text.StartsWith('='))
            {
                return Parse(scalar);
            }

            if (Spans.TryParse(scalar.Text, out var span))
            {
                return Formula.Of(span.TotalSeconds);
            }
        }

        Wrong(node, what, $"write a span of time with its unit ({Spans.Examples}), or a formula that gives seconds such as =60 * flow");
        return null;
    }

    /// <summary>A value of any kind, or a formula.</summary>
    public Formula? Value(PlanNode node, string what)
    {
        switch (node)
        {
            case ScalarNode { IsNull: false } scalar when scalar.Text.StartsWith('='):
                return Parse(scalar);
            case ScalarNode { Plain: true, Text: "true" or "false" } scalar:
                return Formula.Of(scalar.Text == "true");
            case ScalarNode when TryNumber(node, out var number):
                return Formula.Of(number);
            case ScalarNode { IsNull: false } scalar:
                return Formula.Of(scalar.Text);
            default:
                Wrong(node, what, "write a number, true, false, a text, or a formula with = in front");
                return null;
        }
    }

    public static bool TryNumber(PlanNode node, out double number)
    {
        number = 0;
        return node is ScalarNode { Plain: true } scalar
            && double.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    /// <summary>The formula behind the <c>=</c>.</summary>
    public Formula? Parse(ScalarNode scalar)
    {
        try
        {
            return Formula.Parse(scalar.Text[1..], scalar.Place.Plus(1));
        }
        catch (FormulaException exception)
        {
            Mistakes.Add(scalar.Place.Plus(1 + exception.At), exception.Message);
            return null;
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
