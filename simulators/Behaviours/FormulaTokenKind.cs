namespace Twins.Simulators.Behaviours;

/// <summary>The words a formula is made of.</summary>
internal enum FormulaTokenKind
{
    End,
    Number,
    Text,

    /// <summary>Letters, digits, <c>_</c> and <c>.</c></summary>
    Name,

    /// <summary>What stands between <c>[</c> and <c>]</c>: a path with characters that would mean something else.</summary>
    Path,
    Sign,
}
