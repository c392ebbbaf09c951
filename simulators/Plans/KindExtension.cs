using Twins.Simulators.Kinds;

namespace Twins.Simulators.Plans;

/// <summary>Lays a kind over the one that it extends: of this file, else of the library.</summary>
internal sealed class KindExtension(MapNode kinds, Mistakes mistakes)
{
    // Whatever stands below these is laid over key by key; anything else replaces what was there.
    private static readonly string[] Layered = ["tags", "properties", "report", "desired", "commands"];

    /// <summary>The kind with all that it takes over; null: that is not to be had, and was noted.</summary>
    public MapNode? Resolve(string name, MapNode kind) => Resolve(name, kind, [name]);

    private MapNode? Resolve(string name, MapNode kind, List<string> way)
    {
        if (kind.Find("extends") is not { } node)
        {
            // "pump: {count: 2}": a kind that describes no properties is the library's kind of that name.
            return kind.Find("properties") is null && KindLibrary.Node(name) is { } same ? Layer(same, kind) : kind;
        }

        var place = node.Place with { Column = 0 };
        if (node is not ScalarNode { Text: var wanted })
        {
            mistakes.Add(place, $"extends is {node.Words}; write the name of a kind");
            return null;
        }

        // A kind may extend the library's of its own name.
        if (wanted != name && kinds.Find(wanted) is MapNode own)
        {
            if (way.Contains(wanted, StringComparer.Ordinal))
            {
                mistakes.Add(place, $"kinds extend each other in a circle, {string.Join(" extends ", way.Append(wanted).Select(static one => $"\"{one}\""))}; let one of them stand alone");
                return null;
            }

            return Resolve(wanted, own, [.. way, wanted]) is { } based ? Layer(based, kind) : null;
        }

        if (KindLibrary.Node(wanted) is { } known)
        {
            return Layer(known, kind);
        }

        mistakes.Add(place, Suggestion.Write(
            $"there is no kind \"{wanted}\" to extend", wanted, kinds.Entries.Select(static entry => entry.Key.Text).Where(other => other != name).Concat(KindLibrary.All)));
        return null;
    }

    private static MapNode Layer(MapNode under, MapNode over) => Merge(under, over, static (key, below, above) =>
        key == "properties" && below is MapNode properties && above is MapNode others ? Merge(properties, others, Property)
            : Layered.Contains(key, StringComparer.Ordinal) && below is MapNode map && above is MapNode other ? Merge(map, other, static (_, _, above) => above)
            : above);

    // One that gets another behaviour keeps its dead band and the like; one that is set to nothing is taken away.
    private static PlanNode? Property(string path, PlanNode below, PlanNode above)
    {
        if (above is ScalarNode { IsNull: true })
        {
            return null;
        }

        if (above is not MapNode over || below is not MapNode under)
        {
            return above;
        }

        return over.Entries.Any(static entry => FleetKeys.Behaviours.Contains(entry.Key.Text, StringComparer.Ordinal))
            ? Merge(under with { Entries = [.. under.Entries.Where(static entry => !FleetKeys.Behaviours.Contains(entry.Key.Text, StringComparer.Ordinal))] }, over, static (_, _, above) => above)
            : Merge(under, over, static (_, _, above) => above);
    }

    private static MapNode Merge(MapNode under, MapNode over, Func<string, PlanNode, PlanNode, PlanNode?> both)
    {
        var entries = new List<(ScalarNode Key, PlanNode Value)>();
        foreach (var (key, below) in under.Entries)
        {
            if (over.Entries.FirstOrDefault(entry => entry.Key.Text == key.Text) is not { Key: { } own, Value: { } above })
            {
                entries.Add((key, below));
            }
            else if (both(key.Text, below, above) is { } merged)
            {
                entries.Add((own, merged));
            }
        }

        entries.AddRange(over.Entries.Where(entry => under.Find(entry.Key.Text) is null));
        return new MapNode(entries, over.Place);
    }
}
