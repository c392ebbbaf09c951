using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class MergePatchTests
{
    // RFC 7396 appendix A, all rows.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", """null""", """null""")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    // Not in the appendix: nothing there yet, and the order of members.
    [InlineData("", """{"a":null,"b":{"c":null}}""", """{"b":{}}""")]
    [InlineData("", "1", "1")]
    [InlineData("""{"a":1,"b":2,"c":3}""", """{"d":5,"c":4,"a":{"x":1}}""", """{"a":{"x":1},"b":2,"c":4,"d":5}""")]
    [InlineData("""{"a":1}""", "{}", """{"a":1}""")]
    public void Applies(string target, string patch, string result) =>
        Assert.Equal(result, Documents.Text(MergePatch.Apply(Documents.Utf8(target), Documents.Utf8(patch))));

    [Fact]
    public void Agrees_with_the_pseudocode_of_the_rfc() =>
        Gen.Select(Documents.Values, Documents.Values).Sample((target, patch) =>
        {
            var actual = MergePatch.Apply(Documents.Canonical(target), Documents.Canonical(patch));
            return Documents.Same(actual, Model(JsonNode.Parse(target), JsonNode.Parse(patch)))
                && Documents.Canonical(Documents.Text(actual)).AsSpan().SequenceEqual(actual);
        });

    [Fact]
    public void Large_objects_in_other_orders_merge()
    {
        var target = new JsonObject(Enumerable.Range(0, 3_000).Select(i => KeyValuePair.Create($"n{i}", (JsonNode?)i)));
        var patch = new JsonObject(Enumerable.Range(1_500, 3_000).Reverse().Select(i => KeyValuePair.Create($"n{i}", i % 3 == 0 ? null : (JsonNode?)(-i))));
        var actual = MergePatch.Apply(Documents.Utf8(target.ToJsonString()), Documents.Utf8(patch.ToJsonString()));
        Assert.True(Documents.Same(actual, Model(target, patch)));
    }

    [Fact]
    public void Deep_documents_merge()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64);
        Assert.Equal(deep, Documents.Text(MergePatch.Apply(Documents.Utf8(deep), Documents.Utf8(deep))));
        Assert.Equal(deep, Documents.Text(MergePatch.Apply("{}"u8, Documents.Utf8(deep))));
    }

    /// <summary>RFC 7396 section 2, as written there.</summary>
    internal static JsonNode? Model(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject members ? members.DeepClone().AsObject() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Model(result[name], value);
            }
        }

        return result;
    }
}
