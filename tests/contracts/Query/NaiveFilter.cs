using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

/// <summary>
/// What filters and sort keys mean, written as docs/query.md says it and without a thought for speed: the model that everything
/// which answers queries is held against.
/// </summary>
internal static partial class NaiveFilter
{
    internal static bool Holds(Filter filter, string documentJson, DateTimeOffset now) => Holds(filter, Parse(documentJson), now);

    internal static SortValue ValueOf(QueryPath path, string documentJson)
    {
        var there = At(Parse(documentJson), [.. path.Names]).ToArray();
        return there switch
        {
            [] => SortValue.Missing,
            [JsonValue value] => ValueOf(path, value),
            _ => new SortValue(SortValueKind.Other),
        };
    }

    /// <summary>A value as a sort takes it: of a text its first 256 characters.</summary>
    internal static SortValue SortedBy(QueryPath path, string documentJson)
    {
        var value = ValueOf(path, documentJson);
        return value.Text is null ? value : value with { Text = string.Concat(value.Text.EnumerateRunes().Take(256)) };
    }

    private static SortValue ValueOf(QueryPath path, JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => new SortValue(SortValueKind.True),
        JsonValueKind.False => new SortValue(SortValueKind.False),
        JsonValueKind.Number => NaiveNumber.ValueOf(value.ToJsonString()),
        _ when path.IsTime => TimeOf(value.GetValue<string>()) is { } time ? new SortValue(SortValueKind.Time, time) : new SortValue(SortValueKind.Other),
        _ => new SortValue(SortValueKind.Text, Text: value.GetValue<string>()),
    };

    private static bool Holds(Filter filter, JsonObject twin, DateTimeOffset now) => filter switch
    {
        AndFilter and => and.Operands.All(operand => Holds(operand, twin, now)),
        OrFilter or => or.Operands.Any(operand => Holds(operand, twin, now)),
        NotFilter not => !Holds(not.Operand, twin, now),
        ExistsFilter exists => At(twin, [.. exists.Path.Names]).Any(),
        EmptyFilter empty => At(twin, [.. empty.Path.Names]).All(IsEmpty),
        CompareFilter { Operator: CompareOperator.Ne } unequal => !Holds(unequal with { Operator = CompareOperator.Eq }, twin, now),
        CompareFilter compare => ValuesAt(twin, compare.Path).Any(value =>
            Compare(compare.Path, value, compare.Value, now) is { } order && IsSo(compare.Operator, order)),
        InFilter any => any.Values.Any(value => Holds(new CompareFilter(any.Path, CompareOperator.Eq, value), twin, now)),
        LikeFilter like => ValuesAt(twin, like.Path).Any(value =>
            value.GetValueKind() == JsonValueKind.String && IsLike(like.Pattern, value.GetValue<string>())),
        StaleFilter stale => IsStale(stale, twin, now),
        _ => throw new ArgumentException($"There is no filter {filter}.", nameof(filter)),
    };

    /// <summary>Whether a text has the form of a pattern; nothing has that of one with half a surrogate pair in it, which is no character.</summary>
    internal static bool IsLike(LikePattern pattern, string text) =>
        IsWhole(pattern.Pattern) && IsLike([.. pattern.Pattern.EnumerateRunes()], [.. text.EnumerateRunes()], pattern.IgnoreCase);

    private static bool IsLike(ReadOnlySpan<Rune> pattern, ReadOnlySpan<Rune> text, bool ignoreCase)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        switch (pattern[0].Value)
        {
            case '*':
                for (var taken = 0; taken <= text.Length; taken++)
                {
                    if (IsLike(pattern[1..], text[taken..], ignoreCase))
                    {
                        return true;
                    }
                }

                return false;

            case '?':
                return !text.IsEmpty && IsLike(pattern[1..], text[1..], ignoreCase);

            case '\\' when pattern.Length > 1 && pattern[1].Value is '*' or '?' or '\\':
                pattern = pattern[1..];
                break;
        }

        return !text.IsEmpty && Folded(pattern[0], ignoreCase) == Folded(text[0], ignoreCase) && IsLike(pattern[1..], text[1..], ignoreCase);
    }

    // What is no character is told as the replacement character.
    private static bool IsWhole(string text) => string.Concat(text.EnumerateRunes()) == text;

    // Unit by unit: pairs have no case here.
    private static string Folded(Rune rune, bool ignoreCase) => ignoreCase
        ? string.Concat(rune.ToString().Select(char.ToUpperInvariant))
        : rune.ToString();

    private static bool IsSo(CompareOperator comparison, int order) => comparison switch
    {
        CompareOperator.Eq => order == 0,
        CompareOperator.Gt => order > 0,
        CompareOperator.Ge => order >= 0,
        CompareOperator.Lt => order < 0,
        _ => order <= 0,
    };

    private static int? Compare(QueryPath path, JsonValue value, QueryValue literal, DateTimeOffset now) => (value.GetValueKind(), literal) switch
    {
        (JsonValueKind.String, TimeValue time) => TimeOf(value.GetValue<string>())?.CompareTo(time.At(now)),
        (JsonValueKind.String, TextValue text) when !path.IsTime =>
            Encoding.UTF8.GetBytes(value.GetValue<string>()).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text.Text)),
        (JsonValueKind.Number, NumberValue number) => NaiveNumber.Of(value.ToJsonString()).CompareTo(NaiveNumber.Of(number.Number.ToString())),
        (JsonValueKind.True or JsonValueKind.False, BooleanValue boolean) => (value.GetValueKind() == JsonValueKind.True).CompareTo(boolean.Boolean),
        _ => null,
    };

    private static bool IsStale(StaleFilter stale, JsonObject twin, DateTimeOffset now)
    {
        // What is no object is not the metadata of a property called "at", but the time of the property around it.
        var metadata = Member(twin["metadata"], stale.Path.Names) as JsonObject;
        var times = At(twin, [.. stale.Path.Names]).Any() ? TimesIn(metadata).ToArray() : [];
        return times.Length > 0 && times.All(time => time < (now - stale.Age).ToUnixTimeMilliseconds());
    }

    private static JsonNode? Member(JsonNode? node, IEnumerable<string> names) => names.Aggregate(node, (within, name) => (within as JsonObject)?[name]);

    private static IEnumerable<long> TimesIn(JsonNode? metadata) => metadata switch
    {
        JsonObject members => members.SelectMany(member => TimesIn(member.Value)),
        JsonValue value => [TimeOf(value.GetValue<string>())!.Value],
        _ => [],
    };

    // What is at the rest of a path: of an array, what is there in each of its elements.
    private static IEnumerable<JsonNode> At(JsonNode? node, string[] names) => (node, names) switch
    {
        (null, _) => [],
        (_, []) => [node],
        (JsonArray elements, _) => elements.SelectMany(element => At(element, names)),
        (JsonObject members, _) => At(members[names[0]], names[1..]),
        _ => [],
    };

    private static IEnumerable<JsonValue> ValuesAt(JsonObject twin, QueryPath path) => At(twin, [.. path.Names]).SelectMany(Values);

    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonArray elements => elements.SelectMany(Values),
        JsonValue value => [value],
        _ => [],
    };

    private static bool IsEmpty(JsonNode node) => node switch
    {
        JsonArray elements => elements.Count == 0,
        JsonObject members => members.Count == 0,
        _ => node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length == 0,
    };

    // RFC 3339 as System.DateTimeOffset reads it, after a look at the form; what is finer than a millisecond is cut off.
    private static long? TimeOf(string text)
    {
        var form = Rfc3339().Match(text);
        if (!form.Success
            || !DateTime.TryParseExact(form.Groups["time"].Value.ToUpperInvariant(), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return null;
        }

        var fraction = form.Groups["fraction"].Value.PadRight(3, '0')[..3];
        var offset = TimeSpan.Zero;
        if (form.Groups["hours"].Success)
        {
            offset = new TimeSpan(int.Parse(form.Groups["hours"].Value), int.Parse(form.Groups["minutes"].Value), 0);
            offset = form.Groups["sign"].Value == "-" ? -offset : offset;
        }

        var ticks = local.Ticks + int.Parse(fraction) * TimeSpan.TicksPerMillisecond - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }

    [GeneratedRegex(@"\A(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]+))?([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rfc3339();

    private static JsonObject Parse(string documentJson)
    {
        var twin = JsonNode.Parse(documentJson)!.AsObject();
        if (Delta(twin["desired"]!.AsObject(), twin["reported"]!.AsObject()) is { Count: > 0 } delta)
        {
            twin["delta"] = delta;
        }

        return twin;
    }

    private static JsonObject Delta(JsonObject desired, JsonObject reported)
    {
        var delta = new JsonObject();
        foreach (var (name, wanted) in desired)
        {
            var actual = reported[name];
            if (wanted is JsonObject members && actual is JsonObject others)
            {
                if (Delta(members, others) is { Count: > 0 } within)
                {
                    delta[name] = within;
                }
            }
            else if (wanted is not null && !JsonNode.DeepEquals(wanted, actual))
            {
                delta[name] = wanted.DeepClone();
            }
        }

        return delta;
    }
}
