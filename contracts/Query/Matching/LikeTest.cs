using System.Text.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary><c>like</c> and <c>ilike</c>.</summary>
internal sealed class LikeTest(PathSlot slot, LikePattern pattern) : FilterTest
{
    internal override bool Holds()
    {
        foreach (ref var value in slot.Values)
        {
            if (value.Kind == JsonTokenType.String && pattern.Matches(slot.Reading.Utf16(ref value)))
            {
                return true;
            }
        }

        return false;
    }
}
