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
            var model = new List<RightToken>();
            for (var i = 0; i < rights.Length; i++)
            {
                var token = new RightToken(rights[i], (ulong)i + 1, i);
                tokens = tokens.With(token);
                model.RemoveAll(known => known.Right == token.Right);
                model.Add(token);
                if (model.Count > RightTokens.Capacity)
                {
                    model.RemoveAt(0);
                }
            }

            Assert.Equal(rights.Length == 0, tokens.IsEmpty);
            Assert.Equal(model, tokens.All().OrderBy(known => known.Token));
            foreach (var right in rights)
            {
                Assert.Equal(model.Find(known => known.Right == right).Token, tokens.Of(right).Token);
            }
        });

    [Fact]
    public void Equal_contents_are_equal()
    {
        var tokens = default(RightTokens).With(new(1, 2, 0)).With(new(3, 4, 0));

        Assert.Equal(tokens, default(RightTokens).With(new(1, 2, 0)).With(new(3, 4, 0)));
        Assert.NotEqual(tokens, tokens.With(new(3, 5, 0)));
        Assert.Equal(0ul, tokens.Of(5).Token);
    }
}
