namespace Twins.Simulators.Plans;

/// <summary>A piece of a fleet file, and where it stands.</summary>
internal abstract record PlanNode(Place Place)
{
    /// <summary>How sentences call it.</summary>
    public abstract string Words { get; }
}
