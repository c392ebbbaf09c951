using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>Reads how a property's value comes about.</summary>
internal sealed partial class BehaviourReader(NodeReader nodes, RecordedFiles recorded)
{
    private static readonly Formula Zero = Formula.Of(0);

    /// <summary>The behaviour; null: something in it is wrong and was noted.</summary>
    /// <param name="key">One of <see cref="FleetKeys.Behaviours"/>.</param>
    /// <param name="node">What stands there.</param>
    public Behaviour? Read(string key, PlanNode node)
    {
        var before = nodes.Mistakes.Sentences.Count;
        var behaviour = key switch
        {
            "constant" => nodes.Value(node, key) is { } value ? new ConstantBehaviour(value) : null,
            "formula" => ReadFormula(node),
            "uniform" => ReadUniform(node),
            "normal" => ReadNormal(node),
            "walk" => Map(key, node) is { } map ? ReadWalk(map) : null,
            "sine" => Map(key, node) is { } map ? ReadSine(map) : null,
            "daily" => Map(key, node) is { } map ? ReadDaily(map) : null,
            "markov" => Map(key, node) is { } map ? ReadMarkov(map) : null,
            "counter" => ReadCounter(node),
            "track" => Map(key, node) is { } map ? ReadTrack(map) : null,
            "approach" => Map(key, node) is { } map ? ReadApproach(map) : null,
            "setting" => ReadSetting(node),
            _ => Map(key, node) is { } map ? recorded.Read(map, nodes) : (Behaviour?)null,
        };
        return nodes.Mistakes.Sentences.Count == before ? behaviour : null;
    }

    private MapReader? Map(string key, PlanNode node)
    {
        if (node is MapNode map)
        {
            return new MapReader(map, key, nodes);
        }

        nodes.Wrong(node, key, $"write keys below it: {string.Join(", ", FleetKeys.Of[key])}");
        return null;
    }

    private FormulaBehaviour? ReadFormula(PlanNode node)
    {
        if (node is ScalarNode { IsNull: false } scalar)
        {
            // Under this key the = may be left out.
            var whole = scalar.Text.StartsWith('=') ? scalar : scalar with { Text = "=" + scalar.Text, Place = scalar.Place.Plus(-1) };
            return nodes.Parse(whole) is { } formula ? new FormulaBehaviour(formula) : null;
        }

        nodes.Wrong(node, "formula", "write one such as =2 * flow");
        return null;
    }

    private UniformBehaviour? ReadUniform(PlanNode node)
    {
        var (least, greatest) = node is MapNode map && new MapReader(map, "uniform", nodes) is var reader
            ? (reader.Number("min") ?? 0, Needed(reader, "max", reader.Number("max"), "say up to which number values go"))
            : Pair(node, "uniform", "write the least and the greatest number: [10, 20]");
        return Ordered(node, "uniform", least, greatest) ? new UniformBehaviour(least, greatest) : null;
    }

    private NormalBehaviour? ReadNormal(PlanNode node)
    {
        if (node is MapNode map)
        {
            var reader = new MapReader(map, "normal", nodes);
            reader.Require("deviation", "say how far values scatter: deviation: 0.5");
            return new NormalBehaviour(reader.NumberOrFormula("mean") ?? Zero, reader.NumberOrFormula("deviation") ?? Zero);
        }

        var (mean, deviation) = Pair(node, "normal", "write mean and deviation: [20, 0.5]");
        return new NormalBehaviour(Formula.Of(mean), Formula.Of(deviation));
    }

    private WalkBehaviour ReadWalk(MapReader reader)
    {
        reader.Require("spread", "say how far it wanders: spread: 2");
        if (reader.Has("memory") && !reader.Has("mean"))
        {
            nodes.Mistakes.Add(reader.Place, "walk has a memory and no mean to come back to; add mean, or take memory away");
        }

        return new WalkBehaviour(reader.Number("spread", 0) ?? 0)
        {
            Begin = reader.NumberOrFormula("start"),
            Mean = reader.NumberOrFormula("mean"),
            Memory = reader.Span("memory") ?? TimeSpan.FromMinutes(10),
        };
    }

    private SineBehaviour ReadSine(MapReader reader)
    {
        reader.Require("amplitude", "say how far it swings: amplitude: 5");
        reader.Require("period", "say how long a wave takes: period: 1d");
        var phase = reader.Find("phase");
        return new SineBehaviour(
            reader.NumberOrFormula("mean") ?? Zero, reader.NumberOrFormula("amplitude") ?? Zero, reader.Span("period") ?? TimeSpan.FromDays(1))
        {
            Phase = phase is null ? TimeSpan.Zero : phase is ScalarNode { Text: "random" } ? null : nodes.Span(phase, "phase (or random)") ?? TimeSpan.Zero,
            Noise = reader.Number("noise", 0) ?? 0,
        };
    }

    private CounterBehaviour? ReadCounter(PlanNode node)
    {
        if (node is not MapNode map)
        {
            return nodes.NumberOrFormula(node, "counter") is { } only ? new CounterBehaviour(only) : null;
        }

        var reader = new MapReader(map, "counter", nodes);
        reader.Require("rate", "say how many units an hour it counts: rate: 100");
        (double, double)? wrap = reader.Find("wrap") switch
        {
            null => null,
            ScalarNode top => nodes.Positive(top, "wrap") is { } high ? (0, high) : null,
            var both => Pair(both, "wrap", "write the ends of its range: [0, 99999]") is var (low, high) && Ordered(both, "wrap", low, high) ? (low, high) : null,
        };
        return new CounterBehaviour(reader.NumberOrFormula("rate") ?? Zero)
        {
            Begin = reader.NumberOrFormula("start") ?? Zero,
            Wrap = wrap,
            ResetEvery = reader.Span("resetEvery"),
        };
    }

    private static ApproachBehaviour ReadApproach(MapReader reader)
    {
        reader.Require("target", "say where it goes: target: =setpoint");
        reader.Require("within", "say after how long 95 % of the way are done: within: 2min");
        return new ApproachBehaviour(reader.NumberOrFormula("target") ?? Zero, reader.SpanOrFormula("within") ?? Zero)
        {
            Begin = reader.NumberOrFormula("start"),
        };
    }

    private SettingBehaviour? ReadSetting(PlanNode node)
    {
        if (node is not MapNode map)
        {
            return nodes.Value(node, "setting") is { } only ? new SettingBehaviour(only) : null;
        }

        var reader = new MapReader(map, "setting", nodes);
        reader.Require("default", "say what it begins with: default: 20");
        var options = reader.List("options").Select(option => nodes.Text(option, "option")).OfType<string>().ToList();
        var value = reader.Find("default") is { } first ? nodes.Value(first, "default") : null;
        if (value is { Root.Kind: FormulaNodeKind.Text } && options.Count > 0 && !options.Contains(value.Root.Text, StringComparer.Ordinal))
        {
            nodes.Wrong(reader.Find("default")!, "default", $"write one of the options {string.Join(", ", options)}");
        }

        return value is null ? null : new SettingBehaviour(value) { Options = options };
    }

    private static double Needed(MapReader reader, string key, double? value, string remedy)
    {
        reader.Require(key, remedy);
        return value ?? double.NaN;
    }

    private (double First, double Second) Pair(PlanNode node, string what, string remedy)
    {
        if (node is ListNode { Items: [var first, var second] }
            && NodeReader.TryNumber(first, out var one) && NodeReader.TryNumber(second, out var other))
        {
            return (one, other);
        }

        nodes.Wrong(node, what, remedy);
        return (double.NaN, double.NaN);
    }

    private bool Ordered(PlanNode node, string what, double low, double high)
    {
        if (low >= high)
        {
            nodes.Mistakes.Add(node.Place with { Column = 0 }, $"{what} goes from {low} to {high}; write the smaller number first");
        }

        return low < high;
    }
}
