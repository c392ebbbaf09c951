using CsCheck;

namespace Twins.Contracts.Tests;

public sealed class SuggestionTests
{
    private static readonly string[] s_names = ["filter", "fields", "sort", "limit"];

    [Theory]
    [InlineData("filters", "filter")]
    [InlineData("fitler", "filter")]
    [InlineData("FILTER", "filter")]
    [InlineData("feilds", "fields")]
    [InlineData("srot", "sort")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void For_finds_the_nearest_name(string given, string? meant) => Assert.Equal(meant, Suggestion.For(given, s_names));

    [Fact]
    public void Distance_is_symmetric_and_zero_for_equal_names() =>
        Gen.Select(Gen.String["abcAB"], Gen.String["abcAB"]).Sample((left, right) =>
            Suggestion.Distance(left, left) == 0 && Suggestion.Distance(left, right) == Suggestion.Distance(right, left));

    [Fact]
    public void Distance_of_one_edit_is_one() =>
        Gen.Select(Gen.String["abc"].Where(static text => text.Length is > 0 and < 20), Gen.Int[0, 19]).Sample((text, at) =>
            Suggestion.Distance(text, text.Insert(at % text.Length, "x")) == 1 && Suggestion.Distance(text, text.Remove(at % text.Length, 1)) == 1);
}
