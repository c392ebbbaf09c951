using Twins.Simulators.Plans;

namespace Twins.Simulators.Kinds;

/// <summary>The kinds of devices that come with the simulator: fleet files of one kind each, to be run, extended or copied.</summary>
internal static class KindLibrary
{
    private static readonly Dictionary<string, Lazy<(MapNode Node, KindPlan Plan)>> Kinds =
        ((string[])["pump", "thermostat", "meter", "truck", "parking"])
        .ToDictionary(static name => name, static name => new Lazy<(MapNode, KindPlan)>(() => Read(name)), StringComparer.Ordinal);

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Keys];

    /// <summary>The kind of that name, one device of it; null: there is none.</summary>
    public static KindPlan? Find(string name) => Kinds.GetValueOrDefault(name)?.Value.Plan;

    /// <summary>Its file, as it would be written by hand.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static string Yaml(string name)
    {
        using var stream = typeof(KindLibrary).Assembly.GetManifestResourceStream($"kinds/{name}.yaml")
            ?? throw new ArgumentException($"there is no kind \"{name}\"; there are {string.Join(", ", All)}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What it is, in a line: the first of its file.</summary>
    public static string Summary(string name) =>
        Yaml(name).Split('\n').First(static line => line.StartsWith("# ", StringComparison.Ordinal) && !line.Contains("yaml-language-server", StringComparison.Ordinal))[2..].TrimEnd('.', '\r');

    /// <summary>A fleet without a file: devices dealt out over kinds in turn.</summary>
    /// <param name="names">Kinds by name; one that stands there twice gets twice as many.</param>
    /// <param name="devices">How many in all; at least 1.</param>
    /// <param name="interval">How often each reports.</param>
    /// <param name="prefix">The namespace of the twin ids.</param>
    /// <exception cref="ArgumentException">There is no such kind, or none was named.</exception>
    public static FleetPlan Plan(IReadOnlyList<string> names, int devices, TimeSpan interval, string prefix)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        if (names.Count == 0)
        {
            throw new ArgumentException($"a fleet needs a kind of devices; there are {string.Join(", ", All)}", nameof(names));
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < names.Count; place++)
        {
            var share = devices / names.Count + (place < devices % names.Count ? 1 : 0);
            counts[names[place]] = counts.GetValueOrDefault(names[place]) + share;
        }

        return new FleetPlan
        {
            Name = string.Join(", ", counts.Keys),
            Namespace = prefix,
            Kinds =
            [
                .. counts.Where(static dealt => dealt.Value > 0).Select(dealt =>
                    (Find(dealt.Key) ?? throw new ArgumentException(
                        Suggestion.Write($"there is no kind \"{dealt.Key}\"", dealt.Key, All), nameof(names)))
                    with
                    { Count = dealt.Value, Report = new ReportPlan { Interval = interval } }),
            ],
        };
    }

    /// <summary>What stands below the kind's name in its file; null: there is no such kind.</summary>
    internal static MapNode? Node(string name) => Kinds.GetValueOrDefault(name)?.Value.Node;

    private static (MapNode Node, KindPlan Plan) Read(string name)
    {
        var (file, text) = ($"{name}.yaml", Yaml(name));
        var root = YamlDocument.Parse(file, text, new Mistakes());
        var kind = (MapNode)((MapNode)root.Find("kinds")!).Find(name)!;

        // How many there are is for the fleet to say that takes it.
        var node = kind with { Entries = [.. kind.Entries.Where(static entry => entry.Key.Text != "count")] };
        return (node, FleetFile.Parse(file, text).Kinds[0] with { Count = 1 });
    }
}
