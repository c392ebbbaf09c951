using System.Globalization;

namespace Twins.Simulators.Plans;

/// <summary>Reads what goes wrong.</summary>
/// <param name="nodes">Reads values.</param>
/// <param name="kinds">The fleet's kinds, as far as they are right.</param>
/// <param name="names">The names of all of them.</param>
internal sealed class FaultReader(NodeReader nodes, IReadOnlyList<KindPlan> kinds, IReadOnlyList<string> names)
{
    private const double LongestSkew = 10 * 365 * 86_400.0;

    public IReadOnlyList<FaultPlan> Read(PlanNode? node)
    {
        if (node is null or ScalarNode { IsNull: true })
        {
            return [];
        }

        if (node is not ListNode list)
        {
            nodes.Wrong(node, "faults", "write a list: - disconnect: {at: 1min, share: 10%}");
            return [];
        }

        return [.. list.Items.Select(One).OfType<FaultPlan>()];
    }

    private FaultPlan? One(PlanNode node)
    {
        // - disconnect: {…}, and also - malformed, which then lacks something and is told what.
        var place = node.Place with { Column = 0 };
        if (node is not MapNode { Entries: [var (name, value)] })
        {
            nodes.Wrong(node, "a fault", "write one key below each -: - disconnect: {at: 1min, share: 10%}");
            return null;
        }

        if (!FleetKeys.Of["fault"].Contains(name.Text, StringComparer.Ordinal))
        {
            nodes.Mistakes.Add(place, Suggestion.Write($"{name.Words} is no fault", name.Text, FleetKeys.Of["fault"]));
            return null;
        }

        if (value is not (MapNode or ScalarNode { IsNull: true }))
        {
            nodes.Wrong(value, name.Text, $"write keys below it: {string.Join(", ", FleetKeys.Of[name.Text])}");
            return null;
        }

        var before = nodes.Mistakes.Sentences.Count;
        var reader = new MapReader(value as MapNode ?? new MapNode([], name.Place), name.Text, nodes);
        var fault = Common(reader, name.Text);
        fault = Own(reader, name.Text, fault);
        Check(reader, name.Text, fault);
        return nodes.Mistakes.Sentences.Count == before ? fault : null;
    }

    private FaultPlan Common(MapReader reader, string name) => new(Kind(name))
    {
        Kinds = [.. reader.List("kinds").Select(node => Name(node)).OfType<string>()],
        Share = reader.Share("share") ?? 1,
        At = reader.Find("at") is { } at && at is not ScalarNode { Text: "0" or "0s" } ? nodes.Span(at, "at") ?? TimeSpan.Zero : TimeSpan.Zero,
        Every = reader.Span("every"),
        For = reader.Span("for"),
    };

    private FaultPlan Own(MapReader reader, string name, FaultPlan fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Disconnect or FaultKind.HalfOpen:
                if (!reader.Has("at") && !reader.Has("every") && !reader.Has("probability"))
                {
                    nodes.Mistakes.Add(reader.Place, $"{name} does not say when; add at, every, or a probability in a minute");
                }

                return fault with { Probability = reader.Share("probability") };
            case FaultKind.Flap:
                reader.Require("up", "say how long the connection lasts: up: 20s");
                reader.Require("down", "say how long it is gone: down: 5s");
                return fault with { Up = reader.Span("up") ?? default, Down = reader.Span("down") ?? default };
            case FaultKind.Duplicate or FaultKind.Malformed:
                reader.Require("probability", "say how likely each message is struck: probability: 1%");
                return fault with { Probability = reader.Share("probability") };
            case FaultKind.Reorder:
                reader.Require("probability", "say how likely each message is struck: probability: 1%");
                return fault with { Probability = reader.Share("probability"), By = reader.Whole("by", 1, 100) ?? 1 };
            case FaultKind.Skew:
                reader.Require("by", "say how far the clock is off: by: 30s, or -30s for one that is behind");
                return fault with { By = reader.Find("by") is { } by ? Skew(by) : 0 };
            case FaultKind.Stuck:
                reader.Require("property", "name the property");
                return fault with { Property = reader.Text("property") };
            case FaultKind.Drift:
                reader.Require("property", "name the property");
                reader.Require("by", "say how far it drifts in an hour: by: 1.5");
                return fault with { Property = reader.Text("property"), By = reader.Number("by") ?? 0 };
            default:
                reader.Require("delay", "say how long each message to the device takes: delay: 2s");
                return fault with { Up = reader.Span("delay") ?? default };
        }
    }

    private void Check(MapReader reader, string name, FaultPlan fault)
    {
        if (fault.For >= fault.Every)
        {
            nodes.Mistakes.Add(reader.Place, $"{name} lasts {Spans.Write(fault.For.Value)} and comes again each {Spans.Write(fault.Every.Value)}; let it end before it begins again");
        }

        var struck = kinds.Where(kind => fault.Kinds.Count == 0 || fault.Kinds.Contains(kind.Name, StringComparer.Ordinal)).ToList();
        if (fault.Kind == FaultKind.Reorder && struck.Find(static kind => !kind.Sequence && !kind.Timestamps) is { } unordered)
        {
            nodes.Mistakes.Add(reader.Place, $"reorder strikes \"{unordered.Name}\", whose messages do not say their order; give that kind sequence: true or timestamps: true, or name other kinds");
        }

        if (fault.Kind == FaultKind.Skew && struck.Count > 0 && struck.TrueForAll(static kind => !kind.Timestamps))
        {
            nodes.Mistakes.Add(reader.Place, "skew strikes no kind that sends its time; give one timestamps: true");
        }

        if (fault.Property is { } path && struck.Count == kinds.Count(kind => fault.Kinds.Count == 0 || fault.Kinds.Contains(kind.Name, StringComparer.Ordinal)) && kinds.Count == names.Count)
        {
            var known = struck.SelectMany(static kind => kind.Properties).Where(static property => !property.Hidden && !property.Settable).Select(static property => property.Path);
            if (!known.Any(other => other == path || other.StartsWith(path + "/", StringComparison.Ordinal)))
            {
                nodes.Mistakes.Add(reader.Find("property")!.Place with { Column = 0 }, Suggestion.Write($"no kind that {name} strikes measures a property \"{path}\"", path, known));
            }
        }
    }

    private double Skew(PlanNode node)
    {
        if (node is ScalarNode { Text: var text } && Spans.TryParse(text.TrimStart('-'), out var span) && span.TotalSeconds <= LongestSkew)
        {
            return text.StartsWith('-') ? -span.TotalSeconds : span.TotalSeconds;
        }

        nodes.Wrong(node, "by", "write a span of time of at most ten years, with its unit: 30s, or -30s for a clock that is behind");
        return 0;
    }

    private string? Name(PlanNode node)
    {
        if (node is ScalarNode scalar && names.Contains(scalar.Text, StringComparer.Ordinal))
        {
            return scalar.Text;
        }

        nodes.Mistakes.Add(node.Place with { Column = 0 }, Suggestion.Write($"{node.Words} is no kind of this fleet", (node as ScalarNode)?.Text ?? "", names));
        return null;
    }

    private static FaultKind Kind(string name) => name == "half-open"
        ? FaultKind.HalfOpen
        : Enum.Parse<FaultKind>(string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(name[0])}{name[1..]}"));
}
