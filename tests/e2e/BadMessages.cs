using System.Text;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Messages of devices that can not be applied, by name.</summary>
internal static class BadMessages
{
    private static readonly Dictionary<string, Func<string, Publish>> s_messages = new(StringComparer.Ordinal)
    {
        ["not JSON"] = id => Reported(id, "setpoint=40"),
        ["nothing"] = id => Reported(id, ""),
        ["cut off"] = id => Reported(id, """{"a":"""),
        ["more behind"] = id => Reported(id, """{"a":1} {"a":2}"""),
        ["invalid UTF-8"] = id => new($"twins/{id}/reported", [.. "{\"a\":\""u8, 0xFF, 0xFE, .. "\"}"u8]),
        ["not an object"] = id => Reported(id, "[1,2]"),
        ["duplicate names"] = id => Reported(id, """{"a":1,"a":2}"""),
        ["duplicate names, spelled differently"] = id => Reported(id, """{"a":1,"\u0061":2}"""),
        ["NaN"] = id => Reported(id, """{"a":NaN}"""),
        ["Infinity"] = id => Reported(id, """{"a":-Infinity}"""),
        ["a comment"] = id => Reported(id, """{"a":1 /* one */}"""),
        ["10,000 deep"] = id => Reported(id, Nested(10_000)),
        ["40 deep"] = id => Reported(id, Nested(40)),
        ["10 MB"] = id => Reported(id, $$"""{"a":"{{new string('x', 10_000_000)}}"}"""),
        ["over the limit"] = id => Reported(id, $$"""{"a":"{{new string('x', 70 * 1024)}}"}"""),
        ["a long name"] = id => Reported(id, $$"""{"{{new string('n', 129)}}":1}"""),
        ["a sequence below zero"] = id => Reported(id, """{"a":1,"$seq":-1}"""),
        ["a sequence that is text"] = id => Reported(id, """{"a":1,"$seq":"next"}"""),
        ["a timestamp that is none"] = id => Reported(id, """{"a":1,"$ts":"yesterday"}"""),
        ["a sequence in words as user property"] = id => Reported(id, """{"a":1}""").With("seq", "one"),
        ["a property without value"] = id => new($"twins/{id}/reported/a", ""),
        ["a property without name"] = id => new($"twins/{id}/reported/a//b", "1"),
        ["a connection that is neither"] = id => new($"twins/{id}/connection", "perhaps"),
        ["an answer to no command"] = id => new($"twins/{id}/commands/01ARZ3NDEKTSV4RRFFQ69G5FAV/response", "{}"),
    };

    /// <summary>Names of those without payload.</summary>
    public static readonly string[] AreEmpty = ["nothing", "a property without value"];

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => s_messages.Keys;

    /// <summary>The message of that name, from this device.</summary>
    public static Publish Of(string name, string id) => s_messages[name](id);

    private static Publish Reported(string id, string payload) => new($"twins/{id}/reported", payload);

    private static string Nested(int depth) => new StringBuilder()
        .Insert(0, """{"a":""", depth).Append('1').Append('}', depth).ToString();
}
