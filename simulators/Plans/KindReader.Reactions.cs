namespace Twins.Simulators.Plans;

// What devices do when something is desired of them, and with commands.
internal sealed partial class KindReader
{
    private static readonly string[] ReactionWords = ["accept", "reject", "ignore"];

    private KindPlan Desired(MapReader reader, KindPlan kind)
    {
        switch (reader.Find("desired"))
        {
            case null:
                return kind;
            case ScalarNode word:
                return nodes.Choice(word, "desired", ReactionWords) is { } only ? kind with { Desired = new ReactionPlan(Parse(only)) } : kind;
        }

        if (reader.Map("desired") is not { } map)
        {
            return kind;
        }

        var desired = new MapReader(map, "desired", nodes);
        var single = new Dictionary<string, ReactionPlan>(StringComparer.Ordinal);
        foreach (var (path, node) in desired.Map("properties")?.Entries ?? [])
        {
            var settable = kind.Properties.Where(static property => property.Settable).Select(static property => property.Path).Append("interval");
            if (!settable.Contains(path.Text, StringComparer.Ordinal))
            {
                Mistakes.Add(path.Place with { Column = 0 }, Suggestion.Write($"there is no setting \"{path.Text}\" that could be desired", path.Text, settable));
            }

            if (node is MapNode both)
            {
                single[path.Text] = Reaction(new MapReader(both, "reaction", nodes));
            }
            else if (nodes.Choice(node, path.Text, ReactionWords) is { } word)
            {
                single[path.Text] = new ReactionPlan(Parse(word));
            }
        }

        return kind with { Desired = Reaction(desired), DesiredOf = single };
    }

    private static ReactionPlan Reaction(MapReader reader) =>
        new(Parse(reader.Choice("reaction", ReactionWords) ?? "accept"), reader.Span("delay") ?? TimeSpan.Zero);

    private static Reaction Parse(string word) => word switch
    {
        "reject" => Plans.Reaction.Reject,
        "ignore" => Plans.Reaction.Ignore,
        _ => Plans.Reaction.Accept,
    };

    private Dictionary<string, CommandPlan> Commands(MapReader kind)
    {
        var commands = new Dictionary<string, CommandPlan>(StringComparer.Ordinal);
        foreach (var (name, node) in kind.Map("commands")?.Entries ?? [])
        {
            if (node is ScalarNode { Text: "silence" })
            {
                commands[name.Text] = new CommandPlan(0);
            }
            else if (node is MapNode map)
            {
                commands[name.Text] = Command(new MapReader(map, "command", nodes));
            }
            else if (node is not ScalarNode { IsNull: true } && nodes.Whole(node, $"command {name.Text} (a status, silence, or keys below it)", 100, 599) is { } status)
            {
                commands[name.Text] = new CommandPlan(status);
            }
        }

        return commands;
    }

    private static CommandPlan Command(MapReader reader)
    {
        var status = reader.Find("status");
        return new CommandPlan(
            status is ScalarNode { Text: "silence" } ? 0 : reader.Whole("status", 100, 599) ?? 200,
            reader.Find("body") is { } body ? JsonOf.Text(body) : null,
            reader.Span("delay") ?? TimeSpan.Zero,
            reader.Share("probability") ?? 1);
    }
}
