using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>A value that is computed: from other properties, the time, chance, or nothing but itself.</summary>
/// <param name="Root">What is computed.</param>
/// <param name="Place">Where its first character stands.</param>
internal sealed record Formula(FormulaNode Root, Place Place)
{
    private static readonly Place Nowhere = new("formula", 0);

    public static Formula Of(double value) => new(FormulaNode.OfNumber(0, value), Nowhere);

    public static Formula Of(bool value) => new(FormulaNode.OfBoolean(0, value), Nowhere);

    public static Formula Of(string value) => new(FormulaNode.OfText(0, value), Nowhere);

    /// <summary>Reads a formula, without the <c>=</c> before it.</summary>
    /// <exception cref="FormulaException">It is none.</exception>
    public static Formula Parse(string text, Place place = default) =>
        new(new FormulaParser(text).Parse(), place == default ? Nowhere : place);

    /// <summary>The number, where it is one and nothing else.</summary>
    public double? Constant => Root.Kind == FormulaNodeKind.Number ? Root.Number : null;
}
