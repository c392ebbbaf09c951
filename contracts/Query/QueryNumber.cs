using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Twins.Contracts.Query;

/// <summary>
/// A number as queries compare it: an integer within ±2^64 exactly, in whatever form it is written (<c>1</c>, <c>1.0</c>, <c>1e0</c>), and
/// any other number as the nearest double. Both are real numbers, or infinite, and are compared as such.
/// </summary>
/// <remarks>
/// The number is <see cref="Nearest"/> plus <see cref="Remainder"/>. Rounding never changes the order of two numbers, so comparing the
/// nearest doubles and then the remainders compares the numbers.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QueryNumber : IComparable<QueryNumber>
{
    /// <summary>The length of what <see cref="WriteTo"/> writes, in bytes.</summary>
    public const int Bytes = sizeof(double) + sizeof(short);

    // 2^53: below, every integer is a double. 2^64: up to here integers are exact.
    private const double DoublesAreExactBelow = 1L << 53;
    private const double IntegersAreExactUpTo = 18446744073709551616.0;

    // Every integer of 15 digits is a double, and so is every power of ten up to the 22nd. The quotient of the two is rounded once, as
    // IEEE 754 says, and that is the double nearest to the text.
    private const int ExactDigits = 15;

    // 2^64 has 20 digits.
    private const int MaxDigits = 20;

    // Longer than the digits of any document.
    private const long MaxExponent = 1L << 40;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private QueryNumber(double nearest, short remainder) => (Nearest, Remainder) = (nearest + 0.0, remainder);

    /// <summary>Gets the double that is nearest to the number; infinite for one that is too large. Never NaN, and 0 rather than -0.</summary>
    public double Nearest { get; }

    /// <summary>Gets how much more than <see cref="Nearest"/> the number is: -1024 to 1024, and 0 if a double holds it.</summary>
    public short Remainder { get; }

    /// <summary>Gets whether a double holds it, rounded or not.</summary>
    public bool IsFinite => double.IsFinite(Nearest);

    /// <summary>Returns a double as a number.</summary>
    /// <exception cref="ArgumentException">It is NaN.</exception>
    public static QueryNumber Of(double number) => Of(number, 0);

    /// <summary>Returns the number that is so much more than its nearest double.</summary>
    /// <exception cref="ArgumentException">There is no such number.</exception>
    public static QueryNumber Of(double nearest, short remainder) =>
        TryMake(nearest, remainder, out var number) ? number : throw new ArgumentException($"There is no number {nearest} + {remainder}.", nameof(nearest));

    /// <summary>Makes the number that is so much more than its nearest double; false if there is none.</summary>
    public static bool TryMake(double nearest, short remainder, out QueryNumber number)
    {
        number = default;
        if (double.IsNaN(nearest))
        {
            return false;
        }

        if (remainder != 0)
        {
            if (Math.Abs(nearest) > IntegersAreExactUpTo || nearest != Math.Truncate(nearest))
            {
                return false;
            }

            var whole = (Int128)nearest + remainder;
            if (Int128.Abs(whole) > ulong.MaxValue || OfInteger(whole < 0, (ulong)Int128.Abs(whole)) is var exact && (exact.Nearest != nearest || exact.Remainder != remainder))
            {
                return false;
            }
        }

        number = new QueryNumber(nearest, remainder);
        return true;
    }

    /// <summary>Reads a valid number of JSON.</summary>
    public static QueryNumber Parse(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = text.Length <= 128 ? stackalloc byte[text.Length] : new byte[text.Length];
        Encoding.ASCII.GetBytes(text, utf8);
        return Parse(utf8);
    }

    /// <summary>Reads a valid number of JSON in UTF-8.</summary>
    public static QueryNumber Parse(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var digits = isNegative ? text[1..] : text;
        if (digits.Length <= ExactDigits && TryParseShort(digits, out var number))
        {
            return new QueryNumber(isNegative ? -number : number, 0);
        }

        return TryInteger(digits, out var magnitude)
            ? OfInteger(isNegative, magnitude)
            : new QueryNumber(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), 0);
    }

    /// <summary>Gets the number if it is an integer within ±2^64.</summary>
    public bool TryInteger(out Int128 integer)
    {
        var isInteger = Math.Abs(Nearest) <= IntegersAreExactUpTo && Nearest == Math.Truncate(Nearest);
        integer = isInteger ? (Int128)Nearest + Remainder : 0;
        return isInteger;
    }

    /// <inheritdoc/>
    public int CompareTo(QueryNumber other)
    {
        var order = Nearest.CompareTo(other.Nearest);
        return order != 0 ? order : Remainder.CompareTo(other.Remainder);
    }

    /// <summary>Returns the number so that <see cref="Parse(ReadOnlySpan{byte})"/> reads the same one.</summary>
    public override string ToString() => Math.Abs(Nearest) >= DoublesAreExactBelow && TryInteger(out var integer)
        ? integer.ToString(CultureInfo.InvariantCulture)
        : Nearest.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes the number in <see cref="Bytes"/> bytes: equal numbers have equal bytes.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteDoubleBigEndian(bytes, Nearest);
        BinaryPrimitives.WriteInt16BigEndian(bytes[sizeof(double)..], Remainder);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote; false if nothing did.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out QueryNumber number)
    {
        number = default;
        return bytes.Length >= Bytes
            && TryMake(BinaryPrimitives.ReadDoubleBigEndian(bytes), BinaryPrimitives.ReadInt16BigEndian(bytes[sizeof(double)..]), out number);
    }

    /// <summary>Whether one number is less.</summary>
    public static bool operator <(QueryNumber left, QueryNumber right) => left.CompareTo(right) < 0;

    /// <summary>Whether one number is less or equal.</summary>
    public static bool operator <=(QueryNumber left, QueryNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one number is greater.</summary>
    public static bool operator >(QueryNumber left, QueryNumber right) => left.CompareTo(right) > 0;

    /// <summary>Whether one number is greater or equal.</summary>
    public static bool operator >=(QueryNumber left, QueryNumber right) => left.CompareTo(right) >= 0;

    private static QueryNumber OfInteger(bool isNegative, ulong magnitude)
    {
        var nearest = (double)magnitude;
        var remainder = (short)((Int128)magnitude - (Int128)nearest);
        return isNegative ? new QueryNumber(-nearest, (short)-remainder) : new QueryNumber(nearest, remainder);
    }

    private static bool TryParseShort(ReadOnlySpan<byte> digits, out double number)
    {
        var whole = 0L;
        var decimals = 0;
        var isBehindPoint = false;
        foreach (var character in digits)
        {
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                whole = (whole * 10) + (character - '0');
                decimals += isBehindPoint ? 1 : 0;
            }
            else if (character == '.')
            {
                isBehindPoint = true;
            }
            else
            {
                number = 0;
                return false;
            }
        }

        number = whole / PowersOfTen[decimals];
        return true;
    }

    // An integer below 2^64, as 20 digits at most and a power of ten. 2^64 itself is a double.
    private static bool TryInteger(ReadOnlySpan<byte> text, out ulong magnitude)
    {
        magnitude = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = e < 0 ? text : text[..e];
        var power = e < 0 ? 0 : Exponent(text[(e + 1)..]);
        var value = UInt128.Zero;
        var (significant, zeros, isBehindPoint) = (0, 0L, false);
        foreach (var character in mantissa)
        {
            if (character == '.')
            {
                isBehindPoint = true;
                continue;
            }

            power -= isBehindPoint ? 1 : 0;
            if (character == '0')
            {
                // Those at the end belong to the power of ten.
                zeros += significant > 0 ? 1 : 0;
                continue;
            }

            if (significant + zeros >= MaxDigits)
            {
                return false;
            }

            significant += (int)zeros + 1;
            for (; zeros >= 0; zeros--)
            {
                value *= 10;
            }

            (value, zeros) = (value + (UInt128)(character - '0'), 0);
        }

        power += zeros;
        if (value == 0)
        {
            return true;
        }

        if (power < 0 || significant + power > MaxDigits)
        {
            return false;
        }

        for (; power > 0; power--)
        {
            value *= 10;
        }

        magnitude = value <= ulong.MaxValue ? (ulong)value : 0;
        return value <= ulong.MaxValue;
    }

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var exponent = 0L;
        foreach (var character in text[0] is (byte)'+' or (byte)'-' ? text[1..] : text)
        {
            exponent = Math.Min(MaxExponent, (exponent * 10) + (character - '0'));
        }

        return isNegative ? -exponent : exponent;
    }
}
