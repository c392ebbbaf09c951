using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>Makes the behaviour of one property ready to run.</summary>
internal sealed class PropertyBinder(KindBinder kind, int property)
{
    public PropertyPlan Property { get; } = kind.Plan.Properties[property];

    /// <summary>Where the property's value stands in a device's state; what else it takes comes behind.</summary>
    public int At { get; } = kind.At(property);

    /// <summary>The properties that must have their value of a moment before this one gets its own.</summary>
    public HashSet<int> Needs { get; } = [];

    /// <summary>Where its first formula stands.</summary>
    public Place Place { get; private set; }

    /// <summary>A formula whose value is a number.</summary>
    public Term Number(Formula formula) => Bind(formula, ValueKind.Number);

    /// <summary>A formula whose value is what the property's is.</summary>
    public Term Any(Formula formula) => Bind(formula, kind.KindOf(property));

    /// <summary>The number that stands for a text.</summary>
    public int Text(string text) => kind.Texts.Add(text);

    private Term Bind(Formula formula, ValueKind expected)
    {
        Place = Place == default ? formula.Place : Place;
        try
        {
            return new FormulaBinder(kind, Needs).Bind(formula.Root, expected);
        }
        catch (FormulaException exception)
        {
            kind.Mistakes.Add(formula.Place.Plus(exception.At), exception.Message);
            return static (in _) => 0;
        }
    }
}
