namespace Twins.Simulators.Behaviours;

/// <summary>A function of formulas, from numbers.</summary>
/// <param name="Usage">How it is written.</param>
/// <param name="Least">The fewest arguments.</param>
/// <param name="Most">The most arguments.</param>
/// <param name="Make">Makes it ready over its arguments.</param>
internal sealed record FormulaFunction(string Usage, int Least, int Most, Func<Term[], Term> Make)
{
    /// <summary>What it gives.</summary>
    public ValueKind Gives { get; init; } = ValueKind.Number;
}
