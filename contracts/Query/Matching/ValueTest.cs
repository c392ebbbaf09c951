namespace Twins.Contracts.Query.Matching;

/// <summary>Comparisons, but for <c>ne</c>, which is the opposite of <c>eq</c>; with several literals, <c>in</c>.</summary>
internal sealed class ValueTest(PathSlot slot, CompareOperator comparison, MatchedLiteral[] literals) : FilterTest
{
    internal override bool Holds()
    {
        foreach (ref var value in slot.Values)
        {
            foreach (var literal in literals)
            {
                if (literal.Holds(comparison, ref value, slot.Reading))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
