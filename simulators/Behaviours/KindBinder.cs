using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>Knows a kind's properties while their behaviours are made ready to run.</summary>
internal sealed class KindBinder
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly ValueKind?[] _kinds;
    private readonly bool[] _asking;
    private readonly int[] _at;

    public KindBinder(KindPlan kind, Mistakes mistakes)
    {
        Plan = kind;
        Mistakes = mistakes;
        _kinds = new ValueKind?[kind.Properties.Count];
        _asking = new bool[kind.Properties.Count];
        _at = new int[kind.Properties.Count];
        for (var property = 0; property < kind.Properties.Count; property++)
        {
            _index.TryAdd(kind.Properties[property].Path, property);
            _at[property] = Slots;
            Slots += kind.Properties[property].Behaviour.Slots;
        }
    }

    public KindPlan Plan { get; }

    public Mistakes Mistakes { get; }

    public TextTable Texts { get; } = new();

    /// <summary>How many numbers a device's state has so far.</summary>
    public int Slots { get; private set; }

    /// <summary>Where values of the moment before are kept, by property.</summary>
    public Dictionary<int, int> Kept { get; } = [];

    public IEnumerable<string> Paths => Plan.Properties.Select(property => property.Path);

    /// <summary>The property's number; less than 0: there is none.</summary>
    public int Find(string path) => _index.GetValueOrDefault(path, -1);

    /// <summary>Where the property's value stands in a device's state.</summary>
    public int At(int property) => _at[property];

    /// <summary>Where its value of the moment before will stand.</summary>
    public int Before(int property)
    {
        if (!Kept.TryGetValue(property, out var slot))
        {
            Kept[property] = slot = Slots++;
        }

        return slot;
    }

    /// <summary>What a property's values are.</summary>
    public ValueKind KindOf(int property)
    {
        if (_kinds[property] is { } known)
        {
            return known;
        }

        // Formulas in a circle are told by whoever orders them.
        if (_asking[property])
        {
            return ValueKind.Number;
        }

        _asking[property] = true;
        var kind = Plan.Properties[property].Behaviour.Kind(this);
        _asking[property] = false;
        _kinds[property] = kind;
        return kind;
    }

    /// <summary>What a formula's value is, by its outermost part.</summary>
    public ValueKind KindOf(Formula formula) => KindOf(formula.Root);

    private ValueKind KindOf(FormulaNode node) => node.Kind switch
    {
        FormulaNodeKind.Text => ValueKind.Text,
        FormulaNodeKind.Boolean => ValueKind.Boolean,
        FormulaNodeKind.Name => Find(node.Text) is >= 0 and var property ? KindOf(property) : ValueKind.Number,
        FormulaNodeKind.Unary => node.Text == "not" ? ValueKind.Boolean : ValueKind.Number,
        FormulaNodeKind.Binary => node.Text is "+" or "-" or "*" or "/" or "%" or "^" ? ValueKind.Number : ValueKind.Boolean,
        FormulaNodeKind.Call => node.Text switch
        {
            "chance" => ValueKind.Boolean,
            "if" when node.Parts.Count == 3 => KindOf(node.Parts[1]),
            "last" or "pick" when node.Parts.Count > 0 => KindOf(node.Parts[0]),
            _ => ValueKind.Number,
        },
        _ => ValueKind.Number,
    };
}
