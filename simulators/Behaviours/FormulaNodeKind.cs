namespace Twins.Simulators.Behaviours;

/// <summary>What a part of a formula is.</summary>
internal enum FormulaNodeKind
{
    Number,
    Text,
    Boolean,

    /// <summary>A property by path, or a variable such as <c>hour</c>.</summary>
    Name,

    /// <summary>A function by name.</summary>
    Call,

    /// <summary><c>-x</c> or <c>not x</c>.</summary>
    Unary,

    /// <summary>An operator between two operands.</summary>
    Binary,
}
