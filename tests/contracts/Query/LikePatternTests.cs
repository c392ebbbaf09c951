using System.Diagnostics;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class LikePatternTests
{
    // Letters that have a case, or two, or none, or one that is not asked for: of dotless i, long s, the sign for Kelvin, Deseret.
    private static readonly Gen<string> Letters = Gen.OneOf("a", "a", "b", "A", "é", "É", "İ", "i", "ı", "ß", "s", "S", "ſ", "k", "K", "\u212a", "😀", "😁", "𐐀", "𐐨");

    private static readonly Gen<string> Halves = Gen.OneOf("\ud83d", "\ude00", "\ude01");

    private static readonly Gen<string> Parts = Gen.Frequency(
        (8, Letters), (4, Gen.Const("*")), (3, Gen.Const("?")), (2, Gen.Const("\\")), (1, Halves));

    private static readonly Gen<string> Patterns = Gen.OneOf(
        Parts.Array[0, 8].Select(string.Concat),
        Gen.OneOf("a", "a", "a", "b", "*", "?").Array[0, 12].Select(string.Concat));

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Frequency((8, Letters), (2, Gen.OneOf("*", "?", "\\")), (1, Halves)).Array[0, 10].Select(string.Concat),
        Gen.OneOf("a", "a", "b").Array[0, 20].Select(string.Concat));

    // Long enough for several words of bits, with one star or two: the model tries all that they could take.
    private static readonly Gen<string> LongPieces = Gen.OneOf("a", "a", "a", "a", "b", "?", "?", "é", "😀").Array[0, 80].Select(string.Concat);

    private static readonly Gen<string> LongPatterns = LongPieces.Array[1, 3].Select(static pieces => string.Join('*', pieces)).Where(static pattern => pattern.Length <= Rql.MaxPatternCharacters);

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
    [InlineData("\\a", "\\a", true)]
    [InlineData("\\a", "a", false)]
    [InlineData("C:\\data", "C:\\data", true)]
    [InlineData("C:\\data\\*", "C:\\data*", true)]
    [InlineData("C:\\data\\\\*", "C:\\data\\x", true)]
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
        Gen.Select(Patterns, Texts, Gen.Bool).Sample(AssertSays, iter: 20_000);

    [Fact]
    public void Says_what_the_recursive_model_says_of_texts_made_for_the_pattern() =>
        Gen.Select(Gen.OneOf(Patterns, LongPatterns), Texts, Texts, Gen.Bool)
            .Select(static (pattern, stars, around, ignoreCase) => (pattern, around + pattern.Replace("*", stars).Replace('?', 'a').Replace('é', 'É'), ignoreCase))
            .Sample(AssertSays, iter: 5_000);

    [Theory]
    [InlineData("*", 254, "a", "b")]
    [InlineData("*", 250, "a", "b*")]
    [InlineData("*", 120, "a?", "b")]
    [InlineData("*a?", 250, "a", "b*")]
    [InlineData("*", 120, "ab", "cb*")]
    [InlineData("", 120, "*?", "b")]
    [InlineData("", 127, "*a", "*b")]
    public void No_text_takes_long(string start, int times, string middle, string end)
    {
        var fastest = TimeSpan.Zero;
        foreach (var ignoreCase in new[] { false, true })
        {
            var pattern = new LikePattern(start + string.Concat(Enumerable.Repeat(middle, times)) + end, ignoreCase);
            fastest += Fastest(pattern, new string('a', 60_000)) + Fastest(pattern, string.Concat(Enumerable.Repeat("ab", 30_000)) + "a");
        }

        // Some milliseconds; where each place of the text is held against all of the pattern it is hundreds.
        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    // The fastest of twenty: on a busy machine the thread has to wait during some of them.
    private static TimeSpan Fastest(LikePattern pattern, string text) => Enumerable.Range(0, 20).Min(_ =>
    {
        var started = Stopwatch.GetTimestamp();
        Assert.False(pattern.Matches(text));
        return Stopwatch.GetElapsedTime(started);
    });

    private static void AssertSays(string pattern, string text, bool ignoreCase)
    {
        var like = new LikePattern(pattern, ignoreCase);
        Assert.Equal(NaiveFilter.IsLike(like, text), like.Matches(text));
    }
}
