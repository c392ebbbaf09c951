using System.Text.Json.Nodes;
using CsCheck;
using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class JsonDeltaTests
{
    [Theory]
    [InlineData("{\"setpoint\":40}", "{\"setpoint\":35,\"motor\":{\"rpm\":1450}}", "{\"setpoint\":40}")]
    [InlineData("{\"setpoint\":40}", "{\"setpoint\":40.0}", "{}")]
    [InlineData("{\"setpoint\":40}", "{\"setpoint\":4e1}", "{}")]
    [InlineData("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":1,\"c\":3}}", "{\"a\":{\"c\":2}}")]
    [InlineData("{\"a\":{\"b\":1,\"c\":{\"d\":2}}}", "{\"a\":5}", "{\"a\":{\"b\":1,\"c\":{\"d\":2}}}")]
    [InlineData("{\"a\":1}", "{\"a\":{\"b\":1}}", "{\"a\":1}")]
    [InlineData("{\"a\":{}}", "{}", "{\"a\":{}}")]
    [InlineData("{\"a\":{}}", "{\"a\":{\"b\":1}}", "{}")]
    [InlineData("{\"a\":[1,{\"x\":1,\"y\":[2.0]}]}", "{\"a\":[1.0,{\"y\":[2],\"x\":1}]}", "{}")]
    [InlineData("{\"a\":[1,2]}", "{\"a\":[2,1]}", "{\"a\":[1,2]}")]
    [InlineData("{\"a\":[1]}", "{\"a\":[1,2]}", "{\"a\":[1]}")]
    [InlineData("{\"a\":[{\"x\":1}]}", "{\"a\":[{\"z\":1}]}", "{\"a\":[{\"x\":1}]}")]
    [InlineData("{\"a\":\"1\"}", "{\"a\":1}", "{\"a\":\"1\"}")]
    [InlineData("{\"a\":null,\"b\":{\"c\":null,\"d\":1}}", "{}", "{\"b\":{\"d\":1}}")]
    [InlineData("{\"a\":1}", "", "{\"a\":1}")]
    [InlineData("{}", "{\"a\":1}", "{}")]
    [InlineData("", "{\"a\":1}", "{}")]
    public void Is_what_differs(string desired, string reported, string delta) =>
        Assert.Equal(delta, Documents.Text(JsonDelta.Compute(Documents.Utf8(desired), Documents.Utf8(reported))));

    [Theory]
    [InlineData("0", "-0.0e9", true)]
    [InlineData("100", "1e2", true)]
    [InlineData("0.001", "1E-3", true)]
    [InlineData("12.50", "1.25e+1", true)]
    [InlineData("1e-400", "10e-401", true)]
    [InlineData("1e-400", "0", false)]
    [InlineData("-1", "1", false)]
    [InlineData("12345678901234567890", "12345678901234567891", false)]
    [InlineData("0.1", "0.10000000000000000001", false)]
    [InlineData("10", "1", false)]
    [InlineData("101", "11", false)]
    [InlineData("1.01", "1.1", false)]
    [InlineData("1e99999999999999999999", "1e99999999999999999999", true)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", false)]
    public void Numbers_are_equal_by_value(string left, string right, bool equal)
    {
        Assert.Equal(equal, Equal(left, right));
        Assert.Equal(equal, Equal(right, left));
        static bool Equal(string desired, string reported) =>
            JsonDelta.Compute(Documents.Utf8($"{{\"a\":{desired}}}"), Documents.Utf8($"{{\"a\":{reported}}}")).Length == 2;
    }

    [Fact]
    public void Decimals_are_equal_as_decimal_says() =>
        Gen.Select(Gen.Int[-30, 30], Gen.Int[-3, 3], Gen.Int[-30, 30], Gen.Int[-3, 3]).Sample((a, x, b, y) =>
        {
            var delta = JsonDelta.Compute(Documents.Utf8($"{{\"a\":{a}e{x}}}"), Documents.Utf8($"{{\"a\":{b}.0e{y}}}"));
            return (delta.Length == 2) == (a * Power(x) == b * Power(y));
            static decimal Power(int exponent) => exponent < 0 ? 1m / (decimal)Math.Pow(10, -exponent) : (decimal)Math.Pow(10, exponent);
        });

    [Fact]
    public void Merging_it_satisfies_everything_desired() =>
        Gen.Select(Documents.Objects, Documents.Objects).Sample((desired, reported) =>
        {
            var (wanted, actual) = (Documents.Canonical(desired), Documents.Canonical(reported));
            var delta = JsonDelta.Compute(wanted, actual);
            var merged = MergePatch.Apply(actual, delta);
            return Satisfies(JsonNode.Parse(merged), JsonNode.Parse(wanted))
                && Documents.Text(JsonDelta.Compute(wanted, merged)) == "{}"
                && (delta.Length > 2 || Satisfies(JsonNode.Parse(actual), JsonNode.Parse(wanted)));
        });

    [Fact]
    public void Is_nothing_between_equal_documents() =>
        Documents.Objects.Sample(text =>
            Documents.Text(JsonDelta.Compute(Documents.Canonical(text), Documents.Canonical(text))) == "{}");

    private static bool Satisfies(JsonNode? actual, JsonNode? wanted) => wanted is JsonObject members
        ? actual is JsonObject others && members.All(member => Satisfies(others[member.Key], member.Value))
        : JsonNode.DeepEquals(actual, wanted);
}
