using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData(" { \"b\" : 1 ,\t\"a\" : [ 1.50 , -0, 1e400, true , null , { } ] } \r\n", "{\"b\":1,\"a\":[1.50,-0,1e400,true,null,{}]}")]
    [InlineData("\"a\\u0062\\/\\u00e9\\ud83d\\ude00\\u0022\\u005c\\u000a\\u001F\\u007f\"", "\"ab/é😀\\\"\\\\\\n\\u001f\u007f\"")]
    [InlineData("{\"\\u0061\":1,\"\":2}", "{\"a\":1,\"\":2}")]
    [InlineData("1450", "1450")]
    [InlineData("null", "null")]
    [InlineData("[[],[[]],[1,[2]]]", "[[],[[]],[1,[2]]]")]
    [InlineData("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}", "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}")]
    [InlineData("{\"{\":\"[\",\"a\":\"{\",\"b\":[\"[\",\"{\"]}", "{\"{\":\"[\",\"a\":\"{\",\"b\":[\"[\",\"{\"]}")]
    public void Brings_to_one_form(string sent, string canonical) =>
        Assert.Equal(canonical, Documents.Text(Documents.Canonical(sent)));

    [Theory]
    [InlineData("", 400, "payload-empty", "payload is empty")]
    [InlineData("   ", 400, "payload-not-json", "line 1, byte 4")]
    [InlineData("{\"a\":NaN}", 400, "payload-not-json", "line 1, byte 6")]
    [InlineData("NaN", 400, "payload-not-json", "line 1, byte 1")]
    [InlineData("{\"a\":Infinity}", 400, "payload-not-json", "line 1, byte 6")]
    [InlineData("{\"a\":1,}", 400, "payload-not-json", "line 1, byte 8")]
    [InlineData("{\"a\":01}", 400, "payload-not-json", "line 1, byte 7")]
    [InlineData("{'a':1}", 400, "payload-not-json", "line 1, byte 2")]
    [InlineData("{\"a\":1} x", 400, "payload-not-json", "line 1, byte 9")]
    [InlineData("{} {}", 400, "payload-not-json", "line 1, byte 4")]
    [InlineData("{\n  \"a\": tru\n}", 400, "payload-not-json", "line 2, byte")]
    [InlineData("// c\n1", 400, "payload-not-json", "line 1, byte 1")]
    [InlineData("{/* c */}", 400, "payload-not-json", "line 1, byte 2")]
    [InlineData("{\"a\":\"\\x\"}", 400, "payload-not-json", "line 1, byte")]
    [InlineData("\"a\u0001\"", 400, "payload-not-json", "line 1, byte 3")]
    [InlineData("{\"a\":", 400, "payload-not-json", "line 1, byte")]
    [InlineData("\"open", 400, "payload-not-json", "line 1, byte")]
    [InlineData("online", 400, "payload-not-json", "line 1, byte 1")]
    [InlineData("\uFEFF{}", 400, "payload-not-json", "byte order mark")]
    [InlineData("{\"a\":1,\n\"a\":2}", 400, "duplicate-name", "property name \"a\" at line 2, byte 1")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", 400, "duplicate-name", "line 1, byte 8")]
    [InlineData("[{\"x\":{\"b\":1,\"b\":2}}]", 400, "duplicate-name", "property name \"b\"")]
    [InlineData("\"\\ud800\"", 400, "unpaired-surrogate", "line 1, byte 1")]
    [InlineData("\"\\udc00\\ud800\"", 400, "unpaired-surrogate", "line 1, byte 1")]
    [InlineData("{\"\\ud800\":1}", 400, "unpaired-surrogate", "line 1, byte 2")]
    public void Refuses_with_a_sentence(string sent, int status, string code, string part) =>
        AssertRefused(Documents.Utf8(sent), status, code, part);

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xff, (byte)'"' }, "line 1, byte 2 (0xff)")]
    [InlineData(new byte[] { (byte)'"', 0xc0, 0x80, (byte)'"' }, "line 1, byte 2")]
    [InlineData(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' }, "line 1, byte 2")]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', 0x80 }, "line 2, byte 1 (0x80)")]
    [InlineData(new byte[] { (byte)'"', 0xe2, 0x82 }, "line 1, byte 2")]
    [InlineData(new byte[] { 0xfe, 0xff, 0, (byte)'1' }, "line 1, byte 1")]
    public void Refuses_what_is_not_utf8(byte[] sent, string part) =>
        AssertRefused(sent, 400, "payload-not-utf8", part);

    [Fact]
    public void Measures_names_unescaped()
    {
        var longest = new string('n', 128);
        Documents.Canonical($"{{\"{longest}\":1}}");
        Documents.Canonical($"{{\"{string.Concat(longest.Select(_ => "\\u006e"))}\":1}}");
        AssertRefused(Documents.Utf8($"{{\"{longest}n\":1}}"), 400, "name-too-long", "has 129 bytes; use names of at most 128");
        AssertRefused(Documents.Utf8($"{{\"{new string('é', 65)}\":1}}"), 400, "name-too-long", "has 130 bytes");
    }

    [Fact]
    public void Takes_the_depth_and_size_of_the_limits_and_no_more()
    {
        Documents.Canonical(Nested(32));
        AssertRefused(Documents.Utf8(Nested(33)), 400, "payload-too-deep", "line 1, byte 33");
        AssertRefused(Documents.Utf8(Nested(10_000)), 400, "payload-too-deep", "at most 32");
        AssertRefused(Documents.Utf8(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))), 400, "payload-too-deep", "at most 32");

        var largest = $"\"{new string('x', 64 * 1024 - 2)}\"";
        Documents.Canonical(largest);
        AssertRefused(Documents.Utf8(largest + " "), 413, "payload-too-large", "65537 bytes; the limit is 65536");
        AssertRefused(new byte[10 * 1024 * 1024], 413, "payload-too-large", "the limit is 65536");
        Assert.False(JsonText.TryNormalize(new byte[20_000], JsonLimits.Tags, out _, out var problem));
        Assert.Contains("16384", problem.Detail, StringComparison.Ordinal);

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void Finds_one_name_twice_among_thousands()
    {
        var members = Enumerable.Range(0, 5_000).Select(i => $"\"n{i}\":{i % 10}").ToArray();
        Documents.Canonical("{" + string.Join(',', members) + "}");
        AssertRefused(Documents.Utf8("{" + string.Join(',', members) + ",\"n17\":1}"), 400, "duplicate-name", "\"n17\"");
    }

    [Fact]
    public void Is_idempotent_and_keeps_the_meaning() =>
        Documents.Values.Sample(text =>
        {
            var canonical = Documents.Canonical(text);
            return Documents.Same(canonical, JsonNode.Parse(text))
                && Documents.Canonical(Documents.Text(canonical)).AsSpan().SequenceEqual(canonical);
        });

    [Fact]
    public void Keeps_every_string_and_spells_it_one_way() =>
        Gen.String.Where(IsWellFormed).Sample(value =>
        {
            var plain = Documents.Canonical(JsonValue.Create(value).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            var escaped = Documents.Canonical("\"" + string.Concat(value.Select(c => $"\\u{(int)c:x4}")) + "\"");
            return plain.AsSpan().SequenceEqual(escaped) && JsonNode.Parse(plain)!.GetValue<string>() == value;
        });

    [Fact]
    public void Never_throws_whatever_the_bytes() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 64],
            Gen.OneOf("{}[]\",:\\u0ed8truefalsn123e-. \n\0\u00ff".Select(c => (byte)c).ToArray()).Array[0, 24])
            .Sample(bytes =>
            {
                var isJson = JsonText.TryNormalize(bytes, JsonLimits.Default, out var canonical, out var problem);
                return isJson ? Documents.Same(canonical!, bytes) : problem is { Status: 400, Detail.Length: > 20 };
            });

    [Theory]
    [InlineData("{\"a\":null,\"b\":{\"c\":null,\"d\":[null,{\"e\":null}]},\"f\":\"null\"}", "{\"b\":{\"d\":[null,{\"e\":null}]},\"f\":\"null\"}")]
    [InlineData("{\"a\":null}", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("[null]", "[null]")]
    [InlineData("null", "null")]
    public void Strips_nulls_of_objects(string text, string expected) =>
        Assert.Equal(expected, Documents.Text(JsonText.StripNulls(Documents.Utf8(text))));

    [Theory]
    [InlineData("", 0)]
    [InlineData("1", 0)]
    [InlineData("{}", 1)]
    [InlineData("{\"a\":1}", 1)]
    [InlineData("{\"a\":[{}],\"b\":[[1]]}", 3)]
    public void Measures_depth(string text, int depth) =>
        Assert.Equal(depth, JsonText.DepthOf(Documents.Utf8(text)));

    [Fact]
    public void Tells_objects_and_nulls()
    {
        Assert.True(JsonText.IsObject("{}"u8) && JsonText.IsObject(JsonText.EmptyObject));
        Assert.False(JsonText.IsObject("[]"u8) || JsonText.IsObject(""u8));
        Assert.True(JsonText.IsNull("null"u8));
        Assert.False(JsonText.IsNull("\"null\""u8) || JsonText.IsNull(""u8));
    }

    private static bool IsWellFormed(string value) =>
        value.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == value.Length
        && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) == value;

    private static void AssertRefused(byte[] sent, int status, string code, string part)
    {
        Assert.False(JsonText.TryNormalize(sent, JsonLimits.Default, out var canonical, out var problem));
        Assert.Null(canonical);
        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.Contains(part, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Detail);
    }

    [Theory]
    [InlineData("""{"..":1}""")]
    [InlineData("""{"a":[{".":1}]}""")]
    [InlineData("""{"\u002e\u002e":null}""")]
    [InlineData("""{"a":{"b\u0000":1}}""")]
    public void Names_that_no_address_can_have_are_refused(string text)
    {
        Assert.False(JsonText.TryNormalize(Documents.Utf8(text), JsonLimits.Default, out _, out var problem));
        Assert.Equal("payload-name-invalid", problem.Code);
    }

    [Theory]
    [InlineData("""{"a":1}""", null)]
    [InlineData("""{"a":null}""", "/a")]
    [InlineData("""{"a":{"b/c":null}}""", "/a/b~1c")]
    [InlineData("""{"a":[null,{"b":null}]}""", null)]
    [InlineData("""{"a":"null"}""", null)]
    [InlineData("""{"model":null}""", null)]
    [InlineData("""{"model":null,"a":{"model":null}}""", "/a/model")]
    public void The_first_null_member_is_found(string text, string? pointer) =>
        Assert.Equal(pointer, JsonText.NullMember(Documents.Utf8(text), "\"model\""u8));

    [Theory]
    [InlineData("{\"a\":1,}", "byte 8: a comma stands in front of the closing }; remove the comma")]
    [InlineData("[1,2,]", "byte 6: a comma stands in front of the closing ]; remove the comma")]
    [InlineData("north", ": names and texts stand in double quotes: \"north\"")]
    [InlineData("{\"site\":rotterdam}", ": names and texts stand in double quotes: \"rotterdam\"")]
    [InlineData("{site:1}", ": names and texts stand in double quotes: \"site\"")]
    [InlineData("{'a':1}", "byte 2: names and texts stand in double quotes, not in single ones")]
    [InlineData("{\"on\":True}", ": True is written true")]
    [InlineData("{\"t\":NaN}", ": JSON has no number NaN; leave the property out")]
    [InlineData("{\"a\":1 // x\n}", ": JSON has no comments; remove it")]
    public void Frequent_mistake_is_named_with_its_remedy(string text, string says)
    {
        Assert.False(JsonText.TryNormalize(Encoding.UTF8.GetBytes(text), JsonLimits.Max, out _, out var problem));
        Assert.EndsWith(says, problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void No_mistake_is_told_in_words_of_the_parser()
    {
        string[] all = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "a", "nul", "true", "1", "01", "-", ".", "e", "/", "'", " ", "\n", "é", "\u0001"];
        Gen.Int[0, all.Length - 1].Select(index => all[index]).Array[0, 12].Select(string.Concat).Sample(text =>
        {
            if (!JsonText.TryNormalize(Encoding.UTF8.GetBytes(text), JsonLimits.Max, out _, out var problem))
            {
                Assert.DoesNotContain("reader options", problem!.Detail, StringComparison.Ordinal);
                Assert.DoesNotContain("isFinalBlock", problem.Detail, StringComparison.Ordinal);
                Assert.DoesNotContain("in this mode", problem.Detail, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', problem.Detail);
            }
        });
    }
}
