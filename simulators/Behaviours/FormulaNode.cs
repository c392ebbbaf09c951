namespace Twins.Simulators.Behaviours;

/// <summary>A part of a formula as it was written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">The character it begins with, from 0.</param>
/// <param name="Text">The name, the operator or the text.</param>
/// <param name="Number">The number; 1 or 0 for true and false.</param>
/// <param name="Parts">Operands or arguments.</param>
internal sealed record FormulaNode(FormulaNodeKind Kind, int At, string Text, double Number, IReadOnlyList<FormulaNode> Parts)
{
    public static FormulaNode OfNumber(int at, double value) => new(FormulaNodeKind.Number, at, "", value, []);

    public static FormulaNode OfText(int at, string value) => new(FormulaNodeKind.Text, at, value, 0, []);

    public static FormulaNode OfBoolean(int at, bool value) => new(FormulaNodeKind.Boolean, at, "", value ? 1 : 0, []);
}
