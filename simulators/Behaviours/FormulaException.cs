namespace Twins.Simulators.Behaviours;

/// <summary>A text is no formula.</summary>
/// <param name="at">The character that is wrong, from 0.</param>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class FormulaException(int at, string message) : Exception(message)
{
    public int At { get; } = at;
}
