namespace Twins.Simulators.Plans;

/// <summary>What a device does with a command.</summary>
/// <param name="Status">What it answers: a number as of HTTP; 0: nothing at all.</param>
/// <param name="Body">The answer as JSON text; null: an empty object.</param>
/// <param name="Delay">How long it takes, by the fleet's clock.</param>
/// <param name="Probability">How likely it does this rather than answer 200 with an empty object, 0 to 1.</param>
internal sealed record CommandPlan(int Status, string? Body = null, TimeSpan Delay = default, double Probability = 1);
