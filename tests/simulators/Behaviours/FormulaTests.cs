using CsCheck;
using Twins.Simulators.Behaviours;
using Xunit;

namespace Twins.Simulators.Tests.Behaviours;

public sealed class FormulaTests
{
    [Theory]
    [InlineData("1 +", 3, "the formula ends where a number, a property or \"(\" is missing; add it")]
    [InlineData("1 + * 2", 4, "the formula has \"*\" where a number, a property or \"(\" should be; check it there")]
    [InlineData("(1 + 2", 6, "the formula ends where \")\" is missing; add it")]
    [InlineData("a b", 2, "the formula has \"b\" where an operator or the end should be; check it there")]
    [InlineData("5min", 0, "\"5min\" in the formula is no number; formulas know no units, so write spans in seconds")]
    [InlineData("'abc", 0, "a text in the formula is not closed; add '")]
    [InlineData("2 * [motor/rpm", 4, "a path in the formula is not closed; add ]")]
    [InlineData("a # b", 2, "\"#\" means nothing in a formula; it has numbers, properties, functions and + - * / % ^ < > = ? :")]
    [InlineData("1e999", 0, "a number of the formula is too great; numbers reach 1.7e308")]
    [InlineData("max(1 2)", 6, "the formula has \"2\" where \",\" or \")\" should be; check it there")]
    [InlineData("", 0, "the formula ends where a number, a property or \"(\" is missing; add it")]
    public void What_is_no_formula_is_one_sentence_with_its_column(string text, int at, string sentence)
    {
        var wrong = Assert.Throws<FormulaException>(() => Formula.Parse(text));
        Assert.Equal((at, sentence), (wrong.At, wrong.Message));
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('!')]
    [InlineData('^')]
    [InlineData('?')]
    public void Depth_is_bounded(char sign)
    {
        foreach (var text in (string[])[new(sign, 1999), string.Concat(Enumerable.Repeat($"1{sign}", 900)) + "1"])
        {
            try
            {
                Formula.Parse(text);
            }
            catch (FormulaException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }

        Assert.Throws<FormulaException>(() => Formula.Parse(new string('(', 100) + "1" + new string(')', 100)));
        Assert.Throws<FormulaException>(() => Formula.Parse(new string('1', 2001)));
    }

    [Fact]
    public void Any_text_is_a_formula_or_is_told_why_not()
    {
        string[] all = ["1", "2.5", "a", "motor.rpm", "[x y]", "+", "-", "*", "/", "^", "%", "(", ")", ",", "if", "max", "not", "and", "or", "==", "<", "?", ":", "'t'", "\"", "e", ".", " ", "\0", "\uD800"];
        var words = Gen.Int[0, all.Length - 1].Select(index => all[index]);
        Gen.OneOf(Gen.String, words.Array[0, 30].Select(static parts => string.Join(' ', parts)), words.Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            try
            {
                Formula.Parse(text);
            }
            catch (FormulaException exception)
            {
                Assert.InRange(exception.At, 0, text.Length);
            }
        }, iter: 20_000);
    }

    [Fact]
    public void Numbers_are_computed_as_they_are_written() =>
        Gen.Select(Gen.Int[-50, 50], Gen.Int[1, 50], Gen.Int[-50, 50]).Sample((a, b, c) =>
            Assert.Equal(
                Math.Round(a + (double)b * c / b - c * (a - b), 2) + 0.0,
                Models.Of($"v:\n  formula: {a} + {b} * {c} / {b} - {c} * ({a} - {b})").Number("v")), iter: 100);
}
