namespace Twins.Simulators.Plans;

/// <summary>A list.</summary>
internal sealed record ListNode(IReadOnlyList<PlanNode> Items, Place Place) : PlanNode(Place)
{
    public override string Words => "a list";
}
