using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class PropertyPathTests
{
    private const string Document = "{\"setpoint\":40,\"motor\":{\"rpm\":1450,\"on\":true,\"a\\\"b\":{}},\"list\":[{\"x\":1}]}";

    private static readonly Gen<string[]> Paths = Gen.OneOf("a", "b", "c", "ü \"n\"").Array[1, 4];

    [Theory]
    [InlineData("setpoint", "40")]
    [InlineData("motor/rpm", "1450")]
    [InlineData("motor/a\"b", "{}")]
    [InlineData("list", "[{\"x\":1}]")]
    [InlineData("rpm", null)]
    [InlineData("motor/speed", null)]
    [InlineData("motor/rpm/x", null)]
    [InlineData("list/0", null)]
    [InlineData("list/x", null)]
    public void Gets(string path, string? value)
    {
        Assert.Equal(value is not null, PropertyPath.TryGet(Documents.Utf8(Document), Parse(path), out var found));
        Assert.Equal(value ?? "", Documents.Text(found.ToArray()));
    }

    [Fact]
    public void Without_names_is_the_document()
    {
        Assert.True(PropertyPath.TryGet(Documents.Utf8(Document), [], out var all));
        Assert.Equal(Document, Documents.Text(all.ToArray()));
        Assert.False(PropertyPath.TryGet(default, [], out _));
        Assert.False(PropertyPath.TryGet(default, ["a"], out _));
        Assert.Equal("1", Documents.Text(PropertyPath.Set(Documents.Utf8(Document), [], "1"u8)));
        Assert.Equal("1", Documents.Text(PropertyPath.Wrap([], "1"u8)));
        Assert.Throws<ArgumentException>(() => PropertyPath.Remove("{}"u8, [], out _));
    }

    [Fact]
    public void Wraps() => Assert.Equal(
        "{\"motor\":{\"r\\\"pm\":1450}}", Documents.Text(PropertyPath.Wrap(["motor", "r\"pm"], "1450"u8)));

    [Theory]
    [InlineData("{}", "a/b", "{\"a\":{\"b\":9}}")]
    [InlineData("", "a/b", "{\"a\":{\"b\":9}}")]
    [InlineData("[1]", "a", "{\"a\":9}")]
    [InlineData("{\"a\":{\"b\":{\"c\":1}},\"d\":2}", "a/b", "{\"a\":{\"b\":9},\"d\":2}")]
    [InlineData("{\"a\":{\"b\":1},\"d\":2}", "a/c", "{\"a\":{\"b\":1,\"c\":9},\"d\":2}")]
    [InlineData("{\"a\":{},\"d\":2}", "a/c/d", "{\"a\":{\"c\":{\"d\":9}},\"d\":2}")]
    [InlineData("{\"a\":[{}],\"d\":2}", "a/c/d", "{\"a\":{\"c\":{\"d\":9}},\"d\":2}")]
    [InlineData("{\"a\":\"{\"}", "b", "{\"a\":\"{\",\"b\":9}")]
    public void Sets(string document, string path, string expected) =>
        Assert.Equal(expected, Documents.Text(PropertyPath.Set(Documents.Utf8(document), Parse(path), "9"u8)));

    [Theory]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "a", "{\"b\":2,\"c\":3}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "b", "{\"a\":1,\"c\":3}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "c", "{\"a\":1,\"b\":2}")]
    [InlineData("{\"a\":{\"x\":1},\"b\":2}", "a/x", "{\"a\":{},\"b\":2}")]
    [InlineData("{\"a\":{\"x\":1},\"b\":2}", "a/y", null)]
    [InlineData("{\"a\":[1]}", "a/0", null)]
    [InlineData("{}", "a", null)]
    public void Removes(string document, string path, string? expected)
    {
        var removed = PropertyPath.Remove(Documents.Utf8(document), Parse(path), out var found);
        Assert.Equal(expected is not null, found);
        Assert.Equal(expected ?? document, Documents.Text(removed));
    }

    [Fact]
    public void What_is_set_is_got_and_all_else_stays() =>
        Gen.Select(Documents.Objects, Paths, Documents.Values).Sample((text, path, valueText) =>
        {
            var (document, value) = (Documents.Canonical(text), Documents.Canonical(valueText));
            var set = PropertyPath.Set(document, path, value);
            var model = JsonNode.Parse(text)!.AsObject();
            var parent = model;
            foreach (var name in path[..^1])
            {
                parent = parent[name] as JsonObject ?? (JsonObject)(parent[name] = new JsonObject());
            }

            parent[path[^1]] = JsonNode.Parse(valueText);
            var removed = PropertyPath.Remove(set, path, out var found);
            parent.Remove(path[^1], out var expected);
            return Documents.Same(removed, model) && found
                && PropertyPath.TryGet(set, path, out var got) && got.Span.SequenceEqual(value)
                && Documents.Canonical(Documents.Text(set)).AsSpan().SequenceEqual(set);
        });

    [Theory]
    [InlineData("motor/rpm,setpoint", "{\"setpoint\":40,\"motor\":{\"rpm\":1450}}")]
    [InlineData("motor,motor/rpm", "{\"motor\":{\"rpm\":1450,\"on\":true,\"a\\\"b\":{}}}")]
    [InlineData("motor/rpm,motor/on", "{\"motor\":{\"rpm\":1450,\"on\":true}}")]
    [InlineData("motor/a\"b", "{\"motor\":{\"a\\\"b\":{}}}")]
    [InlineData("motor/none,setpoint/none,list/x,none", "{}")]
    public void Selects(string fields, string expected)
    {
        Assert.True(PropertyPath.ParseFields(fields, out var paths, out _));
        Assert.Equal(expected, Documents.Text(PropertyPath.Select(Documents.Utf8(Document), paths)));
    }

    [Theory]
    [InlineData("id, reported/motor/rpm", "id|reported>motor>rpm")]
    [InlineData("a~1b/c~0d/~01", "a/b>c~d>~1")]
    [InlineData("tags/\"a/b\"/c, \"x,\\\"y~1\" ,b\"", "tags>a/b>c|x,\"y~1|b\"")]
    public void Reads_fields(string fields, string expected)
    {
        Assert.True(PropertyPath.ParseFields(fields, out var paths, out _));
        Assert.Equal(expected, string.Join('|', paths.Select(path => string.Join('>', path))));
    }

    [Theory]
    [InlineData("", "empty name")]
    [InlineData("a,", "empty name")]
    [InlineData("/a", "empty name")]
    [InlineData("a//b", "empty name")]
    [InlineData("a~2", "\"~0\" for \"~\"")]
    [InlineData("a~", "\"~0\" for \"~\"")]
    [InlineData("tags/\"a", "double quote")]
    [InlineData("tags/\"a\"b", "double quote")]
    [InlineData("tags/\"\\x\"", "double quote")]
    [InlineData("tags/\"a\\", "double quote")]
    [InlineData("tags/\"\"", "empty name")]
    public void Refuses_fields(string fields, string part)
    {
        Assert.False(PropertyPath.ParseFields(fields, out _, out var problem));
        Assert.Equal((400, "fields-invalid"), (problem.Status, problem.Code));
        Assert.Contains(part, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_paths_beyond_the_limits()
    {
        Assert.False(PropertyPath.TryParse(string.Join('/', Enumerable.Repeat("a", 65)), out _, out var deep));
        Assert.Contains("65 names; the limit is 64", deep.Detail, StringComparison.Ordinal);
        Assert.False(PropertyPath.TryParse(new string('a', 1025), out _, out var wide));
        Assert.Contains("1024 bytes", wide.Detail, StringComparison.Ordinal);
        Assert.False(PropertyPath.ParseFields(string.Join(',', Enumerable.Repeat("a", 65)), out _, out var many));
        Assert.Contains("65 fields; the limit is 64", many.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_formatted_is_read_back() =>
        Gen.String["~/01ab"].Where(name => name.Length is > 0 and < 64).Array[1, 5].Sample(names =>
            PropertyPath.TryParse(PropertyPath.Format(names), out var path, out _) && path.SequenceEqual(names));

    private static string[] Parse(string path)
    {
        Assert.True(PropertyPath.TryParse(path, out var names, out var problem), problem?.Detail);
        return names;
    }
}
