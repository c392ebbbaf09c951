using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>One reported property.</summary>
/// <param name="Path">Its place in the document, levels separated by <c>/</c>: <c>motor/rpm</c>.</param>
internal sealed record PropertyPlan(string Path)
{
    /// <summary>How its value comes about.</summary>
    public Behaviour Behaviour { get; init; } = new ConstantBehaviour(Formula.Of(0));

    /// <summary>How far a number must move, since it was last reported, for a report on change; 0: at all. A position: metres.</summary>
    public double DeadBand { get; init; }

    /// <summary>To how many digits behind the point a number is reported, 0 to 10.</summary>
    public int Decimals { get; init; } = 2;

    /// <summary>A number is at least this; of a setting, less is refused.</summary>
    public double? Min { get; init; }

    /// <summary>A number is at most this; of a setting, more is refused.</summary>
    public double? Max { get; init; }

    /// <summary>Not reported: there for other properties' formulas.</summary>
    public bool Hidden { get; init; }

    /// <summary>Applications can set it.</summary>
    public bool Settable => Behaviour is SettingBehaviour;
}
