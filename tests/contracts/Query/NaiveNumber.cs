using System.Globalization;
using System.Numerics;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

/// <summary>Numbers of JSON as docs/query.md says they compare, with integers of any length.</summary>
internal static class NaiveNumber
{
    // All doubles are multiples of 2^-1074.
    private const int Scale = 1074;

    private static readonly BigInteger s_most = BigInteger.One << 64;

    /// <summary>The number times 2^1074; 2^9999 for what is infinite.</summary>
    internal static BigInteger Of(string text)
    {
        if (Integer(text) is { } integer)
        {
            return integer << Scale;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        if (double.IsInfinity(number))
        {
            return Math.Sign(number) * (BigInteger.One << 9999);
        }

        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger fraction = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var magnitude = fraction << Math.Max(exponent, 1) - 1;
        return bits < 0 ? -magnitude : magnitude;
    }

    /// <summary>The number as it is sorted and grouped by.</summary>
    internal static SortValue ValueOf(string text)
    {
        var nearest = double.Parse(text, CultureInfo.InvariantCulture);
        return Integer(text) is { } integer
            ? new SortValue(SortValueKind.Number, nearest, Remainder: (short)(integer - new BigInteger(nearest)))
            : new SortValue(SortValueKind.Number, nearest);
    }

    // Null for what is no integer within ±2^64.
    private static BigInteger? Integer(string text)
    {
        var (mantissa, exponent) = text.Split('e', 'E') is [var before, var behind] ? (before, int.Parse(behind, CultureInfo.InvariantCulture)) : (text, 0);
        var fraction = mantissa.Split('.') is [_, var decimals] ? decimals.Length : 0;
        var digits = BigInteger.Parse(mantissa.Replace(".", ""), CultureInfo.InvariantCulture);
        var power = exponent - fraction;
        if (digits.IsZero || Math.Abs(power) > 2000)
        {
            return digits.IsZero ? 0 : null;
        }

        var one = BigInteger.Pow(10, Math.Abs(power));
        var integer = power >= 0 ? digits * one : digits / one;
        return (power >= 0 || integer * one == digits) && BigInteger.Abs(integer) <= s_most ? integer : null;
    }
}
