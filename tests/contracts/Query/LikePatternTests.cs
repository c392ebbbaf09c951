using System.Diagnostics;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class LikePatternTests
{
    private static readonly Gen<string> Parts = Gen.OneOf("a", "b", "A", "é", "É", "😀", "*", "?", "\\", "İ", "ß");

    private static readonly Gen<string> Patterns = Parts.Array[0, 8].Select(string.Concat);

    private static readonly Gen<string> Texts = Gen.OneOf("a", "a", "b", "A", "é", "É", "😀", "*", "?", "\\", "i").Array[0, 10].Select(string.Concat);

    [Theory]
    [InlineData("pump-*", "pump-1", true)]
    [InlineData("pump-*", "pump-", true)]
    [InlineData("pump-*", "Pump-1", false)]
    [InlineData("*-1", "pump-1-1", true)]
    [InlineData("*-1*2", "pump-1-12", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("***", "", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "😀", true)]
    [InlineData("??", "😀", false)]
    [InlineData("a?c", "a\nc", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("\\?", "?", true)]
    [InlineData("\\\\", "\\", true)]
    [InlineData("\\a", "a", true)]
    [InlineData("a\\", "a\\", true)]
    public void Matches(string pattern, string text, bool matches)
    {
        Assert.Equal(matches, new LikePattern(pattern, ignoreCase: false).Matches(text));
        Assert.Equal(matches, NaiveFilter.IsLike(new LikePattern(pattern, ignoreCase: false), text));
    }

    [Theory]
    [InlineData("PUMP-*", "pump-1")]
    [InlineData("*É*", "café")]
    [InlineData("straße", "STRAßE")]
    public void Case_does_not_count_where_it_is_ignored(string pattern, string text)
    {
        Assert.True(new LikePattern(pattern, ignoreCase: true).Matches(text));
        Assert.False(new LikePattern(pattern, ignoreCase: false).Matches(text));
    }

    [Fact]
    public void Says_what_the_recursive_model_says() =>
        Gen.Select(Patterns, Texts, Gen.Bool).Sample((pattern, text, ignoreCase) =>
        {
            var like = new LikePattern(pattern, ignoreCase);
            return like.Matches(text) == NaiveFilter.IsLike(like, text);
        });

    [Fact]
    public void Many_stars_take_no_longer_than_the_product_of_both()
    {
        var pattern = new LikePattern(string.Concat(Enumerable.Repeat("*a", 127)) + "*b", ignoreCase: true);
        var text = new string('a', 10_000);
        var started = Stopwatch.GetTimestamp();
        Assert.False(pattern.Matches(text));

        // A few milliseconds; with a branch for each star it would outlast the sun.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
