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
    public void Nothing_comes_before_everything()
    {
        Assert.True(TextOrder.Compare(null, "") < 0);
        Assert.True(TextOrder.Compare("", null) > 0);
        Assert.Equal(0, TextOrder.Compare(null, null));
    }
}
