namespace Twins.Contracts.Query.Matching;

/// <summary><c>empty</c>.</summary>
internal sealed class EmptyTest(PathSlot slot) : FilterTest
{
    internal override bool Holds() => slot.IsEmpty;
}
