namespace Twins.Contracts.Query.Matching;

/// <summary><c>and</c> and <c>or</c>: no operand is tested that can not change anything any more.</summary>
/// <param name="operands">The operands.</param>
/// <param name="decides">What decides as soon as one operand is so: false for <c>and</c>, true for <c>or</c>.</param>
internal sealed class NestedTest(FilterTest[] operands, bool decides) : FilterTest
{
    internal override bool Holds()
    {
        foreach (var operand in operands)
        {
            if (operand.Holds() == decides)
            {
                return decides;
            }
        }

        return !decides;
    }
}
