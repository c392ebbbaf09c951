using System.Text.Json.Nodes;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class JsonPatchTests
{
    // RFC 6902 appendix A, all examples that apply.
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    // Not in the appendix.
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/a","path":"/b"},{"op":"copy","from":"","path":"/c"}]""", """{"a":1,"b":1,"c":{"a":1,"b":1}}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2.50}}]""", """{"b":2.50}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"move","from":"/a","path":""}]""", """{"b":1}""")]
    [InlineData("""{"a":1.0}""", """[{"op":"test","path":"/a","value":1},{"op":"test","path":"","value":{"a":10e-1}}]""", """{"a":1.0}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":null},{"op":"test","path":"/b","value":null},{"op":"replace","path":"/b","value":3}]""", """{"a":1,"b":3}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/a"}]""", """{"a":1}""")]
    [InlineData("""{"a":[0,1]}""", """[{"op":"replace","path":"/a/1","value":null},{"op":"add","path":"/a/2","value":2}]""", """{"a":[0,null,2]}""")]
    [InlineData("""{"A":1}""", """[{"op":"add","path":"/a","value":2},{"op":"add","path":"/","value":3}]""", """{"A":1,"a":2,"":3}""")]
    [InlineData("", """[{"op":"add","path":"","value":{"a":1}}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", "[]", """{"a":1}""")]
    public void Applies(string target, string operations, string expected)
    {
        var applied = JsonPatch.TryApply(Documents.Utf8(target), Documents.Utf8(operations), JsonLimits.Default, out var result, out var problem);
        Assert.True(applied, problem?.Detail);
        Documents.AssertSame(expected, result!);
        Assert.Equal(Documents.Text(Documents.Canonical(Documents.Text(result))), Documents.Text(result));
    }

    [Theory]
    // RFC 6902 appendix A: the examples that are errors (A.9, A.12, A.13, A.15).
    [InlineData("""{"baz":"qux"}""", """[{"op":"test","path":"/baz","value":"bar"}]""", 409, "patch-test-failed", "operation 0")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz/bat","value":"qux"}]""", 422, "patch-failed", "nothing at \"/baz\"")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","op":"remove"}]""", 400, "duplicate-name", "\"op\" at line 1, byte 42")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":"10"}]""", 409, "patch-test-failed", "\"/~01\"")]
    // Not in the appendix.
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b"}]""", 422, "patch-failed", "operation 1: there is nothing at \"/b\"")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/b","value":null}]""", 409, "patch-test-failed", "nothing at \"/b\"")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/b","value":null}]""", 422, "patch-failed", "nothing at")]
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/b","path":"/c"}]""", 422, "patch-failed", "nothing at")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"move","from":"/a","path":"/a/c"}]""", 422, "patch-failed", "into itself")]
    [InlineData("""{"a":1}""", """[{"op":"remove","path":""}]""", 422, "patch-failed", "document itself")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a/b","value":1}]""", 422, "patch-failed", "no object and no array")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"replace","path":"/a/01","value":3}]""", 422, "patch-failed", "/a/01")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/3","value":3}]""", 422, "patch-failed", "use 0 to 2")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"remove","path":"/a/-"}]""", 422, "patch-failed", "/a/-")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"remove","path":"/a/-1"}]""", 422, "patch-failed", "/a/-1")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/99999999999","value":3}]""", 422, "patch-failed", "use 0 to 2")]
    [InlineData("{}", """[{"op":"add","path":"/b"}]""", 400, "patch-malformed", "\"value\"")]
    [InlineData("{}", """[{"op":"add","value":1}]""", 400, "patch-malformed", "\"path\"")]
    [InlineData("{}", """[{"path":"/a","value":1}]""", 400, "patch-malformed", "\"op\"")]
    [InlineData("{}", """[{"op":1,"path":"/a","value":1}]""", 400, "patch-malformed", "\"op\"")]
    [InlineData("{}", """[{"op":"merge","path":"/a","value":1}]""", 400, "patch-malformed", "use add, remove")]
    [InlineData("{}", """[{"op":"add","path":"a","value":1}]""", 400, "patch-malformed", "JSON pointer")]
    [InlineData("{}", """[{"op":"add","path":"/a~2","value":1}]""", 400, "patch-malformed", "JSON pointer")]
    [InlineData("{}", """[{"op":"move","path":"/a"}]""", 400, "patch-malformed", "\"from\"")]
    [InlineData("{}", """[1]""", 400, "patch-malformed", "operation 0")]
    [InlineData("{}", """{"op":"add","path":"/a","value":1}""", 400, "patch-malformed", "array of operations")]
    [InlineData("{}", "null", 400, "patch-malformed", "array of operations")]
    [InlineData("{}", "[", 400, "payload-not-json", "line 1")]
    public void Refuses(string target, string operations, int status, string code, string part)
    {
        Assert.False(JsonPatch.TryApply(Documents.Utf8(target), Documents.Utf8(operations), JsonLimits.Default, out var result, out var problem));
        Assert.Null(result);
        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.Contains(part, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_of_copies_stop_at_the_limit()
    {
        var copies = new JsonArray([.. Enumerable.Range(0, 200).Select(i => new JsonObject { ["op"] = "copy", ["from"] = "", ["path"] = $"/c{i}" })]);
        AssertStops(copies, "{\"a\":\"some text\"}", "payload-too-large");
        var nested = new JsonArray([.. Enumerable.Range(0, 200).Select(_ => new JsonObject { ["op"] = "copy", ["from"] = "/a", ["path"] = "/a/a" })]);
        AssertStops(nested, "{\"a\":{}}", "payload-too-deep");
        var many = new JsonArray([.. Enumerable.Range(0, 257).Select(_ => new JsonObject { ["op"] = "test", ["path"] = "/a", ["value"] = 1 })]);
        AssertStops(many, "{\"a\":1}", "patch-malformed");
        AssertStops([new JsonObject { ["op"] = "add", ["path"] = "/" + new string('n', 129), ["value"] = 1 }], "{}", "name-too-long");

        static void AssertStops(JsonArray operations, string target, string code)
        {
            Assert.False(JsonPatch.TryApply(Documents.Utf8(target), Documents.Utf8(operations.ToJsonString()), JsonLimits.Default, out _, out var problem));
            Assert.Equal(code, problem.Code);
        }
    }
}
