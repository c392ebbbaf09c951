namespace Twins.Contracts.Query.Matching;

/// <summary><c>exists</c>.</summary>
internal sealed class ExistsTest(PathSlot slot) : FilterTest
{
    internal override bool Holds() => slot.Exists;
}
