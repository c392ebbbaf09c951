using System.Runtime.CompilerServices;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>A kind's behaviours made ready to run: shared by all its devices, which only keep numbers.</summary>
internal sealed class KindProgram
{
    // By the plan itself, not by what it says: comparing plans would cost more than making one.
    private static readonly ConditionalWeakTable<KindPlan, KindProgram> Made = [];

    private readonly int[] _positions;

    private KindProgram(KindBinder binder, BoundProperty[] properties, int[] order)
    {
        Kind = binder.Plan;
        Properties = properties;
        Stepped = [.. order.Where(property => properties[property].Process.Step is not null)];
        Order = order;
        Texts = binder.Texts;
        Slots = binder.Slots;
        _positions = [.. Enumerable.Range(0, properties.Length).Where(property => properties[property].Kind == ValueKind.Position)];
        Kept = [.. binder.Kept.Select(kept => (properties[kept.Key].At, kept.Value))];
        Members = MemberNode.Tree(properties);
    }

    public KindPlan Kind { get; }

    public BoundProperty[] Properties { get; }

    /// <summary>The properties in an order in which each comes behind those it needs.</summary>
    public int[] Order { get; }

    /// <summary>Those of <see cref="Order"/> that change with time.</summary>
    public int[] Stepped { get; }

    /// <summary>Values that formulas want of the moment before: from where to where.</summary>
    public (int From, int To)[] Kept { get; }

    /// <summary>How many numbers a device's state has.</summary>
    public int Slots { get; }

    /// <summary>How many numbers a device keeps of what it reported.</summary>
    public int ReportedSlots => Properties.Length + _positions.Length;

    public TextTable Texts { get; }

    /// <summary>The document's members, hidden properties left out.</summary>
    public MemberNode[] Members { get; }

    /// <summary>Where the second number of a reported position is kept.</summary>
    public int SecondOf(int property) => Properties.Length + Array.IndexOf(_positions, property);

    /// <summary>The program of a plan that was checked.</summary>
    /// <exception cref="FleetFileException">It was not.</exception>
    public static KindProgram Of(KindPlan kind) => Made.GetValue(kind, static kind =>
    {
        var mistakes = new Mistakes();
        var program = Make(kind, mistakes);
        mistakes.ThrowIfAny();
        return program!;
    });

    /// <summary>Makes the program, or notes why there is none.</summary>
    public static KindProgram? Make(KindPlan kind, Mistakes mistakes)
    {
        var before = mistakes.Sentences.Count;
        var binder = new KindBinder(kind, mistakes);
        var properties = new BoundProperty[kind.Properties.Count];
        var binders = new PropertyBinder[properties.Length];
        for (var property = 0; property < properties.Length; property++)
        {
            binders[property] = new PropertyBinder(binder, property);
            properties[property] = new BoundProperty(
                kind.Properties[property], binder.At(property), binder.KindOf(property), kind.Properties[property].Behaviour.Bind(binders[property]));
        }

        var order = DependencyOrder.Of(kind, binders, mistakes);
        return mistakes.Sentences.Count == before ? new KindProgram(binder, properties, order) : null;
    }
}
