using System.Text;
using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>Reads the properties of a kind.</summary>
internal sealed class PropertyReader(NodeReader nodes, BehaviourReader behaviours)
{
    private const int Deepest = 16;
    private const int MostNameBytes = 128;

    // A twin's document has 64 KiB; and formulas that need each other in a row are followed on the stack.
    private const int MostProperties = 500;

    // Every device has these of its own.
    private static readonly string[] Taken = ["kind", "firmware", "serial", "interval"];

    /// <summary>The properties, in the file's order; one that is null was taken away from what the kind extends.</summary>
    public IReadOnlyList<PropertyPlan> Read(MapNode properties)
    {
        var plans = new List<PropertyPlan>();
        if (properties.Entries.Count > MostProperties)
        {
            nodes.Mistakes.Add(
                properties.Place with { Column = 0 }, $"a kind has {properties.Entries.Count} properties; {MostProperties} are the most, so spread them over several kinds");
            return plans;
        }

        var paths = properties.Entries.Select(entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in properties.Entries)
        {
            var place = key.Place with { Column = 0 };
            if (PathProblem(key.Text) is { } problem)
            {
                nodes.Mistakes.Add(place, problem);
            }
            else if (Above(key.Text).FirstOrDefault(paths.Contains) is { } above)
            {
                nodes.Mistakes.Add(place, $"property \"{key.Text}\" lies within \"{above}\", which is a value of its own; rename one");
            }
            else if (Read(key.Text, value) is { } plan)
            {
                plans.Add(plan);
            }
        }

        return plans;
    }

    private PropertyPlan? Read(string path, PlanNode node)
    {
        if (node is not MapNode map)
        {
            if (node is ScalarNode { IsNull: false } && nodes.Value(node, $"property \"{path}\"") is { } value)
            {
                return new PropertyPlan(path)
                {
                    Behaviour = ((ScalarNode)node).Text.StartsWith('=') ? new FormulaBehaviour(value) : new ConstantBehaviour(value),
                };
            }

            if (node is ListNode or ScalarNode { IsNull: true })
            {
                nodes.Wrong(node, $"property \"{path}\"", "write a value, a formula with = in front, or keys such as walk: or daily: below it");
            }

            return null;
        }

        var reader = new MapReader(map, "property", nodes);
        var given = FleetKeys.Behaviours.Where(reader.Has).ToList();
        var place = map.Place with { Column = 0 };
        if (given.Count != 1)
        {
            nodes.Mistakes.Add(
                place,
                given.Count == 0
                    ? $"nothing says how the value of \"{path}\" comes about; add one of {string.Join(", ", FleetKeys.Behaviours)}"
                    : $"property \"{path}\" has {string.Join(" and ", given)}; take one away");
            return null;
        }

        var behaviour = behaviours.Read(given[0], reader.Find(given[0])!);
        var plan = new PropertyPlan(path)
        {
            DeadBand = reader.Number("deadBand", 0) ?? 0,
            Decimals = reader.Whole("decimals", 0, 10) ?? 2,
            Min = reader.Number("min"),
            Max = reader.Number("max"),
            Hidden = reader.Flag("hidden"),
        };
        if (plan.Min > plan.Max)
        {
            nodes.Mistakes.Add(place, $"property \"{path}\" has a min of {plan.Min} above its max of {plan.Max}; exchange them");
        }

        if (behaviour is null)
        {
            return null;
        }

        plan = plan with { Behaviour = behaviour };
        Check(plan, place);
        return plan;
    }

    private void Check(PropertyPlan plan, Place place)
    {
        if (plan.Behaviour is not SettingBehaviour setting)
        {
            return;
        }

        if (plan.Hidden)
        {
            nodes.Mistakes.Add(place, $"setting \"{plan.Path}\" is hidden, so that nobody could see what it is set to; take hidden away");
        }

        if (setting.Default.Constant is { } value && (value < plan.Min || value > plan.Max))
        {
            nodes.Mistakes.Add(place, $"setting \"{plan.Path}\" begins with {value}, outside its own range; choose a default from {plan.Min?.ToString() ?? "-∞"} to {plan.Max?.ToString() ?? "∞"}");
        }
    }

    private static string? PathProblem(string path)
    {
        var levels = path.Split('/');
        return levels.Length > Deepest ? $"property \"{path}\" lies {levels.Length} levels deep; {Deepest} are the most"
            : levels.Contains("", StringComparer.Ordinal) ? $"property \"{path}\" has a level without a name; write names with single slashes between them, such as motor/rpm"
            : path.StartsWith('$') ? $"property \"{path}\" starts with \"$\", which is the platform's; rename it"
            : levels.Any(level => Encoding.UTF8.GetByteCount(level) > MostNameBytes) ? $"property \"{path[..20]}…\" has a name of more than {MostNameBytes} bytes; shorten it"
            : path.Any(char.IsControl) ? "the name of a property has a control character; rename it"
            : Taken.Contains(levels[0], StringComparer.Ordinal) ? $"property \"{levels[0]}\" is one that every device reports of itself; rename it"
            : null;
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
