namespace Twins.Simulators.Plans;

/// <summary>Values by key, in the order they were written.</summary>
internal sealed record MapNode(IReadOnlyList<(ScalarNode Key, PlanNode Value)> Entries, Place Place) : PlanNode(Place)
{
    public override string Words => "a map of keys";

    /// <summary>What stands under the key, or null.</summary>
    public PlanNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Text == key)
            {
                return entry.Value;
            }
        }

        return null;
    }
}
