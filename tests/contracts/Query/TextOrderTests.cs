using System.Text;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class TextOrderTests
{
    private static readonly Gen<string> Texts =
        Gen.OneOf("a", "b", "", "\u007f", "é", "\ud7ff", "\ue000", "\uffff", "\ud800\udc00", "😀", "😁", "\udbff\udfff").Array[0, 4].Select(string.Concat);

    [Fact]
    public void Is_the_order_of_the_bytes_of_UTF_8() =>
        Gen.Select(Texts, Texts).Sample((left, right) =>
            Math.Sign(TextOrder.Compare(left, right)) == Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))));

    [Fact]
    public void A_sort_looks_at_the_first_256_characters() =>
        Gen.Select(Gen.Int[250, 256], Gen.OneOf("a", "é", "😀"), Texts, Texts).Sample((length, same, left, right) =>
        {
            var start = string.Concat(Enumerable.Repeat(same, length));
            var (first, second) = (Encoding.UTF8.GetBytes(start + left + left), Encoding.UTF8.GetBytes(start + right));
            var (sortedFirst, sortedSecond) = (Sorted(start + left + left), Sorted(start + right));
            Assert.Equal(sortedFirst, Encoding.UTF8.GetString(TextOrder.Sorted(first)));
            Assert.Equal(sortedSecond, Encoding.UTF8.GetString(TextOrder.Sorted(second)));
            Assert.Equal(Math.Sign(TextOrder.Compare(sortedFirst, sortedSecond)), Math.Sign(TextOrder.CompareSorted(first, second)));
        });

    [Fact]
    public void Nothing_comes_before_everything()
    {
        Assert.True(TextOrder.Compare(null, "") < 0);
        Assert.True(TextOrder.Compare("", null) > 0);
        Assert.Equal(0, TextOrder.Compare(null, null));
    }

    private static string Sorted(string text) => string.Concat(text.EnumerateRunes().Take(256));
}
