using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>A property made ready to run.</summary>
/// <param name="Plan">As it was described.</param>
/// <param name="At">Where its value stands in a device's state.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Process">How they come about.</param>
internal sealed record BoundProperty(PropertyPlan Plan, int At, ValueKind Kind, Process Process)
{
    // What a formula can not say at a moment (division by zero) it says as at the moment before.
    public void Settle(Span<double> state, double before)
    {
        if (Kind != ValueKind.Number)
        {
            return;
        }

        var value = double.IsFinite(state[At]) ? state[At] : before;
        state[At] = Math.Max(Plan.Min ?? double.MinValue, Math.Min(Plan.Max ?? double.MaxValue, value));
    }
}
