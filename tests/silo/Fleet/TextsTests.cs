using System.Text;
using CsCheck;
using Twins.Silo.Fleet.Index;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class TextsTests
{
    // Long enough for a length of four bytes, and for a chunk of its own.
    private static readonly Gen<string> Words = Gen.Frequency(
        (20, Gen.Int[0, 400].Select(static number => number.ToString())),
        (3, Gen.Int[0, 30].Select(static number => new string('é', 100 + number))),
        (1, Gen.Int[0, 3].Select(static number => new string('x', 40_000 + number))),
        (1, Gen.Const("")));

    [Fact]
    public void Each_text_has_one_code_until_it_is_removed() =>
        Gen.Select(Words, Gen.Bool).Array[0, 3000].Sample(
            steps =>
            {
                var (texts, model) = (new Texts(), new Dictionary<string, int>());
                foreach (var (word, isAdded) in steps)
                {
                    var bytes = Encoding.UTF8.GetBytes(word);
                    if (isAdded)
                    {
                        var code = texts.Add(bytes);
                        Assert.Equal(code, model.GetValueOrDefault(word, code));
                        model[word] = code;
                    }
                    else if (model.Remove(word, out var code))
                    {
                        texts.Remove(code);
                        Assert.False(texts.Has(code));
                    }

                    Assert.Equal(model.GetValueOrDefault(word, -1), texts.Find(bytes));
                }

                Assert.Equal(model.Count, texts.Count);
                Assert.Equal(model.Count, model.Values.Distinct().Count());
                foreach (var (word, code) in model)
                {
                    Assert.Equal(word, Encoding.UTF8.GetString(texts[code]));
                    Assert.Equal(code, texts.Find(Encoding.UTF8.GetBytes(word)));
                }
            },
            iter: 60);

    [Fact]
    public void What_is_removed_gives_its_memory_back()
    {
        var texts = new Texts();
        var held = 0L;
        for (var round = 0; round < 40; round++)
        {
            var codes = Enumerable.Range(0, 2000).Select(number => texts.Add(Encoding.UTF8.GetBytes($"a text that changes {round} {number}"))).ToArray();
            foreach (var code in codes)
            {
                texts.Remove(code);
            }

            held = round == 5 ? texts.Bytes : held;
        }

        Assert.Equal(0, texts.Count);
        Assert.InRange(texts.Bytes, 1, held * 2);
    }
}
