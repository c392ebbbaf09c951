using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>Reads a kind of devices.</summary>
internal sealed partial class KindReader(NodeReader nodes, RecordedFiles recorded)
{
    /// <summary>The most devices of a fleet, as on the command line.</summary>
    public const int MostDevices = 1_000_000;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    private Mistakes Mistakes => nodes.Mistakes;

    /// <summary>The kind; null: it is wrong, and was said to be.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="map">What it has, with all that it extends.</param>
    public KindPlan? Read(ScalarNode name, MapNode map)
    {
        var before = Mistakes.Sentences.Count;
        var reader = new MapReader(map, "kind", nodes);
        var properties = reader.Map("properties") is { } described
            ? new PropertyReader(nodes, new BehaviourReader(nodes, recorded)).Read(described)
            : [];
        if (properties.Count == 0 && Mistakes.Sentences.Count == before)
        {
            Mistakes.Add(name.Place with { Column = 0 }, $"kind \"{name.Text}\" has no properties; write some below properties:, or take those of another kind: extends: {Contracts.Suggestion.For(name.Text, Kinds.KindLibrary.All) ?? "pump"}");
        }

        var kind = new KindPlan
        {
            Name = name.Text,
            Count = reader.Whole("count", 1, MostDevices) ?? 1,
            IdPattern = Pattern(reader, "id") ?? "{kind}-{n}",
            Tags = Tags(reader),
            Properties = properties,
            Report = Report(reader),
            Commands = Commands(reader),
            DevicesPerConnection = reader.Whole("gateway", 1, 10_000) ?? 1,
            Sequence = reader.Flag("sequence"),
            Timestamps = reader.Flag("timestamps"),
        };
        kind = Desired(reader, kind);

        // Formulas are looked at only where all properties are there, or each missing one would be told twice.
        if (Mistakes.Sentences.Count == before && KindProgram.Make(kind, Mistakes) is { } program)
        {
            CheckKinds(program, reader.Map("properties")!);
        }

        return Mistakes.Sentences.Count == before ? kind : null;
    }

    private string? Pattern(MapReader reader, string key)
    {
        var pattern = reader.Text(key);
        if (pattern is not null && IdPattern.Problem(pattern) is { } problem)
        {
            Mistakes.Add(reader.Find(key)!.Place with { Column = 0 }, $"{key} is \"{pattern}\"; {problem}");
            return null;
        }

        return pattern;
    }

    private void CheckKinds(KindProgram program, MapNode properties)
    {
        foreach (var property in program.Properties)
        {
            var place = properties.Find(property.Plan.Path)!.Place with { Column = 0 };
            var (path, plan) = (property.Plan.Path, property.Plan);
            if (plan.DeadBand > 0 && property.Kind is not (ValueKind.Number or ValueKind.Position))
            {
                Mistakes.Add(place, $"property \"{path}\" has a deadBand and is no number; take it away");
            }

            if ((plan.Min ?? plan.Max) is not null && property.Kind != ValueKind.Number)
            {
                Mistakes.Add(place, $"property \"{path}\" has a min or max and is no number; take it away");
            }
        }
    }

    private ReportPlan Report(MapReader kind)
    {
        // The short form: how often.
        if (kind.Find("report") is ScalarNode { IsNull: false } only)
        {
            return nodes.Span(only, "report") is { } span ? new ReportPlan { Interval = Interval(only, span) } : new ReportPlan();
        }

        if (kind.Map("report") is not { } map)
        {
            return new ReportPlan();
        }

        var reader = new MapReader(map, "report", nodes);
        var report = new ReportPlan
        {
            Interval = reader.Span("every") is { } every ? Interval(reader.Find("every")!, every) : new ReportPlan().Interval,
            Jitter = reader.Share("jitter") ?? 0,
            OnChange = reader.Flag("onChange"),
            AtLeastEvery = reader.Span("atLeastEvery"),
            Burst = reader.Whole("burst", 1, 1000) ?? 1,
            WholeOnce = reader.Flag("wholeOnce"),
        };
        if (report.AtLeastEvery is not null && !report.OnChange)
        {
            Mistakes.Add(reader.Place, "atLeastEvery only goes with onChange: true, as all is reported each time anyway; add it or take atLeastEvery away");
        }

        if (report.AtLeastEvery < report.Interval)
        {
            Mistakes.Add(reader.Place, $"atLeastEvery is shorter than every, which is {Spans.Write(report.Interval)}; make it longer");
        }

        return report;
    }

    private TimeSpan Interval(PlanNode node, TimeSpan span)
    {
        if (span < ShortestInterval)
        {
            nodes.Wrong(node, "every", $"write at least {Spans.Write(ShortestInterval)}");
        }

        return span;
    }

    private Dictionary<string, IReadOnlyList<string>> Tags(MapReader kind)
    {
        var tags = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, value) in kind.Map("tags")?.Entries ?? [])
        {
            foreach (var text in (value is ListNode list ? list.Items : [value]).OfType<ScalarNode>())
            {
                if (IdPattern.Problem(text.Text) is { } problem)
                {
                    Mistakes.Add(text.Place with { Column = 0 }, $"tag {key.Text} is {text.Words}; {problem}");
                }
            }

            if (value is ListNode { Items.Count: 0 })
            {
                Mistakes.Add(value.Place with { Column = 0 }, $"tag {key.Text} is an empty list; write what is dealt out to the devices in turn");
            }
            else if (value is not ScalarNode { IsNull: true })
            {
                tags[key.Text] = value is ListNode dealt ? [.. dealt.Items.Select(JsonOf.Text)] : [JsonOf.Text(value)];
            }
        }

        return tags;
    }
}
