using System.Globalization;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class QueryNumberTests
{
    private static readonly Gen<string> Digits = Gen.Int[0, 9].Array[1, 22].Select(static digits => string.Concat(digits));

    private static readonly Gen<string> Random = Gen.Select(
        Gen.OneOf("", "-"), Gen.OneOf(Gen.Const("0"), Digits.Select(static digits => "1" + digits)), Gen.OneOf(Gen.Const(""), Gen.Const(".0"), Digits.Select(static digits => "." + digits)),
        Gen.OneOf("", "", "", "e0", "e5", "E-7", "e+18", "e-20", "e+300", "e-320", "e999"),
        static (sign, whole, fraction, exponent) => sign + whole + fraction + exponent);

    // Around 2^53, between doubles, and around 2^64, each in several forms.
    private static readonly Gen<string> Near = Gen.Select(
        Gen.OneOf("", "-"), Gen.OneOf<Int128>((Int128)1 << 53, (Int128)1 << 62, (Int128)ulong.MaxValue + 1), Gen.Int[-3000, 3000].Select(static by => (Int128)by),
        Gen.OneOf("", ".0", ".5", "00e-2", ".000e0", "e1", "0e-1"),
        static (sign, around, by, form) => sign + (around + by).ToString(CultureInfo.InvariantCulture) + form);

    private static readonly Gen<string> Texts = Gen.OneOf(Random, Near, Gen.OneOf(Fleets.Numbers));

    [Fact]
    public void Order_equality_and_hash_are_those_of_the_reference() =>
        Gen.Select(Texts, Texts).Sample(
            static (left, right) =>
            {
                var (a, b) = (QueryNumber.Parse(left), QueryNumber.Parse(right));
                var expected = NaiveNumber.Of(left).CompareTo(NaiveNumber.Of(right));
                Assert.Equal(Math.Sign(expected), Math.Sign(a.CompareTo(b)));
                Assert.Equal(expected == 0, a == b);
                Assert.True(expected != 0 || a.GetHashCode() == b.GetHashCode());
                Assert.Equal(Math.Sign(expected), Math.Sign(SortValue.Compare(new SortValue(a), new SortValue(b))));
                Assert.Equal(NaiveNumber.ValueOf(left), new SortValue(a));
            },
            iter: 20_000);

    [Fact]
    public void Text_and_bytes_are_read_again_as_the_same_number() =>
        Texts.Sample(
            static text =>
            {
                var number = QueryNumber.Parse(text);
                var bytes = new byte[QueryNumber.Bytes];
                number.WriteTo(bytes);
                Assert.True(QueryNumber.TryRead(bytes, out var read));
                Assert.Equal(number, read);
                Assert.True(!number.IsFinite || number == QueryNumber.Parse(number.ToString()));
            },
            iter: 10_000);

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("-0", "0.0e9")]
    [InlineData("8944500112345678901", "89445001123456789010e-1")]
    [InlineData("9007199254740994", "9007199254740993.5")]
    [InlineData("18446744073709551616", "18446744073709551617")]
    [InlineData("1e99999999999999999999", "1e400")]
    public void Forms_of_one_number_are_equal(string left, string right) => Assert.Equal(QueryNumber.Parse(left), QueryNumber.Parse(right));

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(18446744073709551616.0, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(9007199254740992, 2)]
    public void Remainder_that_no_number_has_is_refused(double nearest, short remainder) =>
        Assert.False(QueryNumber.TryMake(nearest, remainder, out _));
}
