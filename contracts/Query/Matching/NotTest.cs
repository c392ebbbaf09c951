namespace Twins.Contracts.Query.Matching;

/// <summary><c>not</c>, and what is the opposite of something.</summary>
internal sealed class NotTest(FilterTest operand) : FilterTest
{
    internal override bool Holds() => !operand.Holds();
}
