using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

/// <summary>Documents to test with: few names and shallow trees, so that random documents meet one another.</summary>
internal static class Documents
{
    private static readonly Gen<string> Names = Gen.OneOf("\"a\"", "\"b\"", "\"c\"", "\"ü \\\"n\\\"\"");

    private static readonly Gen<string> Numbers = Gen.OneOf("0", "1", "-1", "40", "40.0", "4e1", "0.5", "5E-1", "12345678901234567890");

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Numbers, Gen.OneOf("true", "false", "\"\"", "\"x\"", "\"\\n\"", "[]", "[1,2]", "[{\"a\":null}]", "[null]"));

    /// <summary>Objects without members that are null.</summary>
    internal static readonly Gen<string> Objects = Object(Scalars, 3);

    /// <summary>Merge patches that are objects: with nulls, empty objects, scalars where others have objects.</summary>
    internal static readonly Gen<string> Patches = Object(Gen.Frequency((3, Scalars), (2, Gen.Const("null"))), 3);

    /// <summary>Any value.</summary>
    internal static readonly Gen<string> Values = Gen.OneOf(Objects, Patches, Scalars, Gen.Const("null"));

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal static string Text(byte[]? utf8) => utf8 is null ? "(none)" : Encoding.UTF8.GetString(utf8);

    /// <summary>The canonical form of a text that must have one.</summary>
    internal static byte[] Canonical(string text)
    {
        Assert.True(JsonText.TryNormalize(Utf8(text), JsonLimits.Default, out var canonical, out var problem), problem?.Detail);
        return canonical;
    }

    internal static bool Same(byte[] actual, byte[] expected) => Same(actual, JsonNode.Parse(expected));

    internal static bool Same(byte[] actual, JsonNode? expected) => JsonNode.DeepEquals(JsonNode.Parse(actual), expected);

    internal static void AssertSame(string expected, byte[] actual) =>
        Assert.True(Same(actual, JsonNode.Parse(expected)), $"expected {expected}, got {Text(actual)}");

    private static Gen<string> Object(Gen<string> scalars, int depth)
    {
        var values = depth == 0 ? scalars : Gen.Frequency((2, scalars), (1, Object(scalars, depth - 1)));
        return Gen.Select(Names, values).Array[0, 4].Select(members =>
            "{" + string.Join(',', members.DistinctBy(member => member.Item1, StringComparer.Ordinal).Select(member => $"{member.Item1}:{member.Item2}")) + "}");
    }
}
