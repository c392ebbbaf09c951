namespace Twins.Simulators.Plans;

/// <summary>A reaction, and after how long.</summary>
/// <param name="Reaction">What it does.</param>
/// <param name="Delay">How long it takes, by the fleet's clock; zero: at once.</param>
internal sealed record ReactionPlan(Reaction Reaction, TimeSpan Delay = default)
{
    public static ReactionPlan AtOnce { get; } = new(Reaction.Accept);
}
