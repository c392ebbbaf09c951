using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Contracts.Json;
using Twins.Contracts.Query;
using Twins.Contracts.Tests.Query;

namespace Twins.Silo.Tests.Fleet;

/// <summary>The numbers that measures look at, from a document, the slow way.</summary>
internal static class NaiveFigures
{
    internal static SortValue[] NumbersAt(QueryPath path, string document)
    {
        var twin = JsonNode.Parse(document)!.AsObject();
        twin["delta"] = JsonNode.Parse(JsonDelta.Compute(Section(twin, "desired"), Section(twin, "reported")));
        return [.. At(twin, [.. path.Names]).SelectMany(node => Numbers(node, path.IsTime))];
    }

    private static byte[] Section(JsonObject twin, string name) => System.Text.Encoding.UTF8.GetBytes(twin[name]!.ToJsonString());

    private static IEnumerable<JsonNode> At(JsonNode? node, string[] names) => (node, names) switch
    {
        (null, _) => [],
        (_, []) => [node],
        (JsonArray elements, _) => elements.SelectMany(element => At(element, names)),
        (JsonObject members, _) => At(members[names[0]], names[1..]),
        _ => [],
    };

    private static IEnumerable<SortValue> Numbers(JsonNode? node, bool isTime) => node switch
    {
        JsonArray elements => elements.SelectMany(element => Numbers(element, isTime)),
        JsonValue value when isTime && value.GetValueKind() == JsonValueKind.String =>
            [new SortValue(SortValueKind.Time, DateTimeOffset.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds())],
        JsonValue value when !isTime && value.GetValueKind() == JsonValueKind.Number => [NaiveNumber.ValueOf(value.ToJsonString())],
        _ => [],
    };
}
