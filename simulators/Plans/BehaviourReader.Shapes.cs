using System.Globalization;
using Twins.Simulators.Behaviours;

namespace Twins.Simulators.Plans;

// Behaviours that have a shape of their own: curves, states, routes.
internal sealed partial class BehaviourReader
{
    private const int MostStates = 100;
    private const int MostPoints = 10_000;

    private DailyBehaviour? ReadDaily(MapReader reader)
    {
        var whole = Points(reader, "points");
        var weekdays = Points(reader, "weekdays") ?? whole;
        var weekend = Points(reader, "weekend") ?? whole;
        if (!reader.Has("points") && !(reader.Has("weekdays") && reader.Has("weekend")))
        {
            nodes.Mistakes.Add(reader.Place, "daily does not say its values on all days; add points, or weekdays and weekend");
        }

        return weekdays is null || weekend is null ? null : new DailyBehaviour(weekdays, weekend)
        {
            Stepped = reader.Flag("stepped"),
            Noise = reader.Number("noise", 0) ?? 0,
        };
    }

    private List<DailyPoint>? Points(MapReader reader, string key)
    {
        if (reader.Map(key) is not { } map)
        {
            return null;
        }

        var points = new List<DailyPoint>();
        foreach (var (time, value) in map.Entries)
        {
            if (!TimeOnly.TryParseExact(time.Text, ["H:mm", "HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            {
                nodes.Wrong(time, $"a time of {key}", "write one from 00:00 to 23:59");
            }
            else if (nodes.Number(value, $"the value at {time.Text}") is { } number)
            {
                points.Add(new DailyPoint(at.ToTimeSpan(), number));
            }
        }

        if (points.GroupBy(static point => point.Time).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            nodes.Mistakes.Add(map.Place with { Column = 0 }, $"{key} has two values at {twice.Key:hh\\:mm}; take one away");
        }

        if (map.Entries.Count == 0)
        {
            nodes.Mistakes.Add(reader.Place, $"{key} is empty; write times and values: 06:00: 12.5");
        }

        return points.Count == 0 ? null : [.. points.OrderBy(static point => point.Time)];
    }

    private MarkovBehaviour? ReadMarkov(MapReader reader)
    {
        if (reader.Map("states") is not { Entries: { Count: >= 2 and <= MostStates } entries } map)
        {
            nodes.Mistakes.Add(reader.Place, $"markov needs 2 to {MostStates} states; write names below states:, each with stay and next");
            return null;
        }

        var names = entries.Select(entry => entry.Key.Text).ToList();
        var states = new List<MarkovState>();
        foreach (var (key, node) in entries)
        {
            if (node is not MapNode)
            {
                nodes.Wrong(node, $"state \"{key.Text}\"", "write keys below it: stay, and next or value where they are needed");
                continue;
            }

            var state = new MapReader((MapNode)node, "state", nodes);
            state.Require("stay", "say how long it lasts on average: stay: 10min");
            var value = state.Find("value") is { } written ? nodes.Value(written, "value") : Named(key);
            states.Add(new MarkovState(key.Text, value ?? Zero, state.SpanOrFormula("stay") ?? Zero, Weights(state, key.Text, names)));
        }

        var first = reader.Find("start") is { } start ? nodes.Choice(start, "start", names) : null;
        return states.Count < names.Count ? null : new MarkovBehaviour(states, first is null ? null : names.IndexOf(first));
    }

    // A state named true, or 1, is that value.
    private Formula? Named(ScalarNode key) => nodes.Value(key.Text.StartsWith('=') ? key with { Text = " " + key.Text } : key, "state");

    private double[] Weights(MapReader state, string name, List<string> names)
    {
        var weights = new double[names.Count];
        switch (state.Find("next"))
        {
            case null:
                // Any other, each as likely.
                return [.. names.Select(other => other == name ? 0.0 : 1)];
            case ScalarNode only:
                if (nodes.Choice(only, "next", names) is { } follower)
                {
                    weights[names.IndexOf(follower)] = 1;
                }

                return weights;
            case MapNode map:
                foreach (var (key, value) in map.Entries)
                {
                    if (nodes.Choice(key, "a state of next", names) is { } next && Weight(value, key.Text) is { } weight)
                    {
                        weights[names.IndexOf(next)] = weight;
                    }
                }

                if (weights.Sum() <= 0)
                {
                    nodes.Mistakes.Add(map.Place with { Column = 0 }, $"no state follows \"{name}\"; give one a weight of more than 0");
                }

                return weights;
            case var other:
                nodes.Wrong(other, "next", "write a state, or states with weights such as {idle: 3, off: 1}");
                return weights;
        }
    }

    private double? Weight(PlanNode node, string state) => node is ScalarNode { Text: var text } && text.EndsWith('%')
        ? nodes.Share(node, $"the weight of \"{state}\"")
        : nodes.Number(node, $"the weight of \"{state}\"", 0, 1_000_000);

    private TrackBehaviour? ReadTrack(MapReader reader)
    {
        reader.Require("route", "write points of it: [[51.92, 4.48], [52.37, 4.90]]");
        reader.Require("speed", "say how fast, in km/h: speed: 60");
        var points = new List<(double Latitude, double Longitude)>();
        if (reader.Find("route") is ListNode { Items: var items } && items.Count <= MostPoints)
        {
            foreach (var item in items)
            {
                if (item is ListNode { Items: [var latitude, var longitude] }
                    && NodeReader.TryNumber(latitude, out var lat) && NodeReader.TryNumber(longitude, out var lon)
                    && Math.Abs(lat) <= 90 && Math.Abs(lon) <= 180)
                {
                    points.Add((lat, lon));
                }
                else
                {
                    nodes.Wrong(item, "a point of route", "write latitude (-90 to 90) and longitude (-180 to 180): [51.92, 4.48]");
                }
            }
        }

        var end = reader.Choice("end", "loop", "back", "stop") switch { "back" => TrackEnd.Back, "stop" => TrackEnd.Stop, _ => TrackEnd.Loop };
        var length = points.Count < 2 ? 0 : new Route(points, end == TrackEnd.Loop).Length;
        if (reader.Has("route") && length <= 0)
        {
            nodes.Mistakes.Add(reader.Place, $"route has no length; write 2 to {MostPoints} different points: [[51.92, 4.48], [52.37, 4.90]]");
        }

        var start = reader.Find("start");
        return new TrackBehaviour(points, reader.NumberOrFormula("speed") ?? Zero, end)
        {
            Begin = start is ScalarNode { Text: "random" } ? null : start is null ? 0 : nodes.Number(start, "start (or random)", 0, length),
        };
    }
}
