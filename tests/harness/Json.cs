using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>Compares JSON by value.</summary>
public static class Json
{
    /// <summary>The two are the same JSON value; members in any order.</summary>
    public static void AssertEqual(string expected, JsonNode? actual) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), actual),
        $"expected {expected}, got {actual?.ToJsonString() ?? "nothing"}");
}
