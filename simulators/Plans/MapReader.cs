using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

/// <summary>Reads a map whose keys are known; those that are not are noted.</summary>
internal sealed class MapReader
{
    private readonly MapNode _map;
    private readonly string _part;
    private readonly NodeReader _nodes;

    /// <param name="map">What is read.</param>
    /// <param name="part">Which part of a file it is, by <see cref="FleetKeys"/>.</param>
    /// <param name="nodes">Reads the values.</param>
    public MapReader(MapNode map, string part, NodeReader nodes)
    {
        (_map, _part, _nodes) = (map, part, nodes);
        foreach (var (key, _) in map.Entries)
        {
            if (!FleetKeys.Of[part].Contains(key.Text, StringComparer.Ordinal))
            {
                nodes.Mistakes.Add(
                    key.Place with { Column = 0 }, Suggestion.Write($"{key.Words} is no key of a {part}", key.Text, FleetKeys.Of[part]));
            }
        }
    }

    public Place Place => _map.Place with { Column = 0 };

    public PlanNode? Find(string key) => FleetKeys.Of[_part].Contains(key, StringComparer.Ordinal)
        ? _map.Find(key)
        : throw new InvalidOperationException($"{_part} is read for the key {key}, which FleetKeys does not know");

    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key) => Find(key) is { } node ? _nodes.Text(node, key) : null;

    public double? Number(string key, double least = double.MinValue, double greatest = double.MaxValue) =>
        Find(key) is { } node ? _nodes.Number(node, key, least, greatest) : null;

    public double? Positive(string key) => Find(key) is { } node ? _nodes.Positive(node, key) : null;

    public int? Whole(string key, int least, int greatest) => Find(key) is { } node ? _nodes.Whole(node, key, least, greatest) : null;

    public TimeSpan? Span(string key) => Find(key) is { } node ? _nodes.Span(node, key) : null;

    public double? Share(string key) => Find(key) is { } node ? _nodes.Share(node, key) : null;

    public bool Flag(string key, bool fallback = false) => (Find(key) is { } node ? _nodes.Flag(node, key) : null) ?? fallback;

    public string? Choice(string key, params string[] choices) => Find(key) is { } node ? _nodes.Choice(node, key, choices) : null;

    public Formula? NumberOrFormula(string key) => Find(key) is { } node ? _nodes.NumberOrFormula(node, key) : null;

    public Formula? SpanOrFormula(string key) => Find(key) is { } node ? _nodes.SpanOrFormula(node, key) : null;

    public MapNode? Map(string key)
    {
        var node = Find(key);
        if (node is null or MapNode or ScalarNode { IsNull: true })
        {
            return node as MapNode;
        }

        _nodes.Wrong(node, key, $"write keys below it, further to the right than {key}");
        return null;
    }

    /// <summary>A list; a single value is a list of one.</summary>
    public IReadOnlyList<PlanNode> List(string key) => Find(key) switch
    {
        null => [],
        ListNode list => list.Items,
        var single => [single],
    };

    /// <summary>Notes that a key is missing, unless it is there.</summary>
    public void Require(string key, string remedy)
    {
        if (!Has(key))
        {
            _nodes.Mistakes.Add(Place, $"{_part} has no {key}; {remedy}");
        }
    }
}
