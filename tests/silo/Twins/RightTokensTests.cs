using CsCheck;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

public sealed class RightTokensTests
{
    /// <summary>Against a list that keeps the rights with the highest tokens. Tokens of grants only increase.</summary>
    [Fact]
    public void Tokens_equal_a_model() =>
        Gen.ULong[1, 8].Array[0, 40].Sample(rights =>
        {
            var tokens = default(RightTokens);
            var model = new List<(ulong Right, ulong Token)>();
            for (var i = 0; i < rights.Length; i++)
            {
                var (right, token) = (rights[i], (ulong)i + 1);
                tokens = tokens.With(right, token);
                model.RemoveAll(known => known.Right == right);
                model.Add((right, token));
                if (model.Count > RightTokens.Capacity)
                {
                    model.RemoveAt(0);
                }
            }

            Assert.Equal(rights.Length == 0, tokens.IsEmpty);
            Assert.Equal(model, tokens.All().OrderBy(known => known.Token));
            foreach (var right in rights)
            {
                Assert.Equal(model.Find(known => known.Right == right).Token, tokens.Of(right));
            }
        });

    [Fact]
    public void Equal_contents_are_equal()
    {
        var tokens = default(RightTokens).With(1, 2).With(3, 4);

        Assert.Equal(tokens, default(RightTokens).With(1, 2).With(3, 4));
        Assert.NotEqual(tokens, tokens.With(3, 5));
        Assert.Equal(0ul, tokens.Of(5));
    }
}
