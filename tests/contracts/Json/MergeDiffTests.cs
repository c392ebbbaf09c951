using Twins.Contracts.Json;

namespace Twins.Contracts.Tests.Json;

public sealed class MergeDiffTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "{}")]
    [InlineData("""{"a":1e99999999999}""", """{"a":1e99999999999}""", "{}")]
    [InlineData("""{"a":1e99999999999}""", """{"a":10e99999999998}""", "{}")]
    [InlineData("""{"a":1e99999999999}""", """{"a":1e99999999998}""", """{"a":1e99999999998}""")]
    [InlineData("""{"a":1e-99999999999999999999999}""", """{"a":0.1e-99999999999999999999998}""", "{}")]
    [InlineData("""{"a":[1e99999999999]}""", """{"a":[2e99999999999]}""", """{"a":[2e99999999999]}""")]
    [InlineData("""{"a":{"b":1,"c":2},"d":3}""", """{"a":{"b":1,"c":4},"e":5}""", """{"a":{"c":4},"e":5,"d":null}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":7}""", """{"a":7}""")]
    public void Between_names_what_changed(string before, string after, string patch) =>
        Assert.Equal(patch, Documents.Text(MergeDiff.Between(Documents.Utf8(before), Documents.Utf8(after))));

    [Fact]
    public void Exponents_of_any_length_are_compared()
    {
        var huge = new string('9', 60_000);
        var document = $$"""{"a":1e{{huge}}}""";

        Assert.Equal("{}", Documents.Text(MergeDiff.Between(Documents.Utf8(document), Documents.Utf8(document + " "))));
        Assert.Equal("""{"a":2}""", Documents.Text(MergeDiff.Between(Documents.Utf8(document), """{"a":2}"""u8)));
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"c":2}}""", """{"a":1,"b":{"d":3}}""", """{"a":1,"b":{"d":3,"c":null}}""")]
    [InlineData("""{"a":1}""", "7", "7")]
    [InlineData("7", """{"a":1}""", """{"a":1}""")]
    public void Replacing_names_everything(string before, string after, string patch) =>
        Assert.Equal(patch, Documents.Text(MergeDiff.Replacing(Documents.Utf8(before), Documents.Utf8(after))));

    [Fact]
    public void What_is_between_leads_from_one_to_the_other() =>
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(Documents.Objects, Documents.Objects),
            pair =>
            {
                var (before, after) = (Documents.Canonical(pair.Item1), Documents.Canonical(pair.Item2));
                var patched = MergePatch.Apply(before, MergeDiff.Between(before, after));
                return JsonText.AreEqual(patched, after);
            });
}
