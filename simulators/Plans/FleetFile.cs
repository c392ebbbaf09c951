using System.Globalization;
using Twins.Contracts.Twins;

namespace Twins.Simulators.Plans;

/// <summary>Reads fleet files.</summary>
internal static class FleetFile
{
    /// <summary>How many times as fast as ours a fleet's clock can run.</summary>
    public const double FastestSpeed = 1_000_000;

    /// <summary>What a fleet's clock shows at the start where nothing else is said: the same each time, as the seed is.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd"];

    /// <summary>The fleet that a file describes, complete and checked.</summary>
    /// <exception cref="FleetFileException">It describes none; the exception has a sentence for every mistake that was found.</exception>
    public static FleetPlan Load(string path)
    {
        var text = YamlDocument.ReadFile(path);
        return Parse(Path.GetFileName(path), text, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "");
    }

    /// <summary>The same from a text.</summary>
    /// <param name="file">What sentences call it.</param>
    /// <param name="text">The YAML.</param>
    /// <param name="folder">Where names of recorded files begin.</param>
    /// <exception cref="FleetFileException">It describes no fleet.</exception>
    public static FleetPlan Parse(string file, string text, string folder = "")
    {
        var mistakes = new Mistakes();
        var root = YamlDocument.Parse(file, text, mistakes);
        var nodes = new NodeReader(mistakes);
        var reader = new MapReader(root, "fleet", nodes);
        var prefix = Namespace(reader, nodes);
        var plan = new FleetPlan
        {
            Name = reader.Text("name") ?? Path.GetFileNameWithoutExtension(file),
            Namespace = prefix,
            Seed = reader.Whole("seed", int.MinValue, int.MaxValue),
            Start = Start(reader, nodes),
            Speed = Speed(reader, nodes),
            Duration = reader.Span("duration"),
            Kinds = Kinds(reader, nodes, folder, out var names),
        };
        plan = plan with { Faults = new FaultReader(nodes, plan.Kinds, names).Read(reader.Find("faults")) };
        if (reader.Map("kinds") is { } kinds)
        {
            FleetIds.Check(plan, kinds, mistakes);
        }

        mistakes.ThrowIfAny();
        return plan;
    }

    private static List<KindPlan> Kinds(MapReader fleet, NodeReader nodes, string folder, out IReadOnlyList<string> names)
    {
        var plans = new List<KindPlan>();
        names = [];
        if (fleet.Map("kinds") is not { Entries.Count: > 0 } kinds)
        {
            if (fleet.Find("kinds") is null or MapNode or ScalarNode { IsNull: true })
            {
                nodes.Mistakes.Add(fleet.Place, "the fleet has no kinds of devices; write kinds: and below it for example pump: {extends: pump, count: 10}");
            }

            return plans;
        }

        names = [.. kinds.Entries.Select(static entry => entry.Key.Text)];
        var extension = new KindExtension(kinds, nodes.Mistakes);
        var recorded = new RecordedFiles(folder);
        foreach (var (name, node) in kinds.Entries)
        {
            // Just a name: the library's, as it is.
            var map = node is ScalarNode { IsNull: true }
                ? new MapNode([(name with { Text = "extends" }, name)], name.Place)
                : node as MapNode;
            if (map is null)
            {
                nodes.Wrong(node, $"kind \"{name.Text}\"", "write keys below it, such as count: and properties:");
            }
            else if (!TwinId.IsValid(name.Text) || name.Text.Contains(':', StringComparison.Ordinal))
            {
                nodes.Mistakes.Add(name.Place with { Column = 0 }, $"kind {name.Words} can not stand in a twin id; use letters, digits, \".\", \"_\" and \"-\"");
            }
            else if (extension.Resolve(name.Text, map) is { } whole && new KindReader(nodes, recorded).Read(name, whole) is { } plan)
            {
                plans.Add(plan);
            }
        }

        return plans;
    }

    private static string Namespace(MapReader reader, NodeReader nodes)
    {
        var text = reader.Text("namespace") ?? "sim";
        if (TwinId.IsValid(text + ":x") && !text.Contains(':', StringComparison.Ordinal))
        {
            return text;
        }

        nodes.Mistakes.Add(reader.Find("namespace")!.Place with { Column = 0 }, $"namespace \"{text}\" can not begin a twin id; use letters, digits, \".\", \"_\" and \"-\"");
        return "sim";
    }

    private static DateTimeOffset? Start(MapReader reader, NodeReader nodes)
    {
        if (reader.Find("start") is not { } node)
        {
            return DefaultStart;
        }

        if (node is ScalarNode { Text: var text })
        {
            if (text == "now")
            {
                return null;
            }

            if (DateTimeOffset.TryParseExact(
                text.ToUpperInvariant(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start)
                && start.Year is >= 1970 and < 2200)
            {
                return start;
            }
        }

        nodes.Wrong(node, "start", "write now, or a time from 1970 to 2199 such as 2026-01-31T09:00:00Z");
        return DefaultStart;
    }

    // 60 and 60x: a day in 24 minutes.
    private static double Speed(MapReader reader, NodeReader nodes)
    {
        if (reader.Find("speed") is not { } node)
        {
            return 1;
        }

        var number = node is ScalarNode { Plain: true } scalar ? scalar with { Text = scalar.Text.TrimEnd('x') } : node;
        if (NodeReader.TryNumber(number, out var speed) && speed is > 0 and <= FastestSpeed)
        {
            return speed;
        }

        nodes.Wrong(node, "speed", $"write how many seconds of the fleet's clock pass in one, more than 0 and at most {FastestSpeed}: 60");
        return 1;
    }
}
