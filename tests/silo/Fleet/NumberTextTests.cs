using System.Globalization;
using System.Text;
using CsCheck;
using Twins.Silo.Fleet.Index;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class NumberTextTests
{
    private static readonly Gen<string> Digits = Gen.Int[0, 9].Array[1, 18].Select(static digits => string.Concat(digits));

    private static readonly Gen<string> Texts = Gen.Select(
        Gen.OneOf("", "-"), Gen.OneOf(Gen.Const("0"), Digits), Gen.OneOf(Gen.Const(""), Digits.Select(static digits => "." + digits)), Gen.OneOf("", "", "", "e5", "E-7", "e+300", "e-320", "e999"),
        static (sign, whole, fraction, exponent) => sign + whole + fraction + exponent);

    [Fact]
    public void A_number_is_the_nearest_to_its_text() =>
        Texts.Sample(
            static text => Assert.Equal(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), NumberText.Parse(Encoding.UTF8.GetBytes(text))),
            iter: 5000);
}
