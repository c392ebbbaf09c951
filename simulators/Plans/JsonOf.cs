using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Simulators.Plans;

/// <summary>What stands in a fleet file, as JSON.</summary>
internal static class JsonOf
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(PlanNode node) => Node(node)?.ToJsonString(Relaxed) ?? "null";

    public static JsonNode? Node(PlanNode node)
    {
        switch (node)
        {
            case MapNode map:
                var members = new JsonObject();
                foreach (var (key, value) in map.Entries)
                {
                    members[key.Text] = Node(value);
                }

                return members;
            case ListNode list:
                return new JsonArray([.. list.Items.Select(Node)]);
            case ScalarNode { IsNull: true }:
                return null;
            case ScalarNode { Plain: true, Text: "true" or "false" } scalar:
                return scalar.Text == "true";
            default:
                return NodeReader.TryNumber(node, out var number) ? number : JsonValue.Create(((ScalarNode)node).Text);
        }
    }
}
