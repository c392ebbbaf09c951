using System.Text.Json;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

/// <summary>How a kind of devices reacts to what is desired, property by property.</summary>
internal sealed class DesiredRules
{
    private readonly ReactionPlan _otherwise;
    private readonly Node _root = new();

    public DesiredRules(ReactionPlan otherwise, IReadOnlyDictionary<string, ReactionPlan> of)
    {
        _otherwise = otherwise;
        foreach (var (path, reaction) in of)
        {
            var node = _root;
            foreach (var name in path.Split('/'))
            {
                node = (node.Children ??= new(StringComparer.Ordinal)).TryGetValue(name, out var child) ? child : node.Children[name] = new Node();
            }

            node.Reaction = reaction;
        }
    }

    /// <summary>
    /// Takes a delta apart into changes that are each reacted to in one way: whole members, unless there are rules for
    /// parts of them. Members such as <c>$revision</c> are the platform's and left out.
    /// </summary>
    /// <param name="delta">An object; it must outlive the answer.</param>
    public List<DesiredChange> Split(JsonElement delta)
    {
        var changes = new List<DesiredChange>();
        Split(delta, _root, _otherwise, [], changes);
        return changes;
    }

    private static void Split(JsonElement value, Node node, ReactionPlan inherited, string[] path, List<DesiredChange> changes)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (path.Length == 0 && member.Name.StartsWith('$'))
            {
                continue;
            }

            var rules = node.Children?.GetValueOrDefault(member.Name);
            var reaction = rules?.Reaction ?? inherited;
            string[] there = [.. path, member.Name];
            if (rules?.Children is not null && member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
            {
                Split(member.Value, rules, reaction, there, changes);
            }
            else
            {
                changes.Add(new DesiredChange(there, member.Value, reaction));
            }
        }
    }

    private sealed class Node
    {
        public ReactionPlan? Reaction { get; set; }

        public Dictionary<string, Node>? Children { get; set; }
    }
}
