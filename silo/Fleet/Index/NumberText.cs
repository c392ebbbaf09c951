using System.Globalization;

namespace Twins.Silo.Fleet.Index;

/// <summary>Numbers of JSON as 64-bit floating point.</summary>
internal static class NumberText
{
    // A double has 53 bits: every whole number of 15 digits is exact, and so is every power of ten up to the 22nd. The quotient of the
    // two is rounded once, as IEEE 754 has it, and that is the number nearest to the text.
    private const int ExactDigits = 15;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The number nearest to a valid text; infinite for one that is too large.</summary>
    public static double Parse(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var digits = isNegative ? text[1..] : text;
        if (digits.Length > ExactDigits)
        {
            return ParseSlowly(text);
        }

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
                return ParseSlowly(text);
            }
        }

        var number = whole / PowersOfTen[decimals];
        return isNegative ? -number : number;
    }

    private static double ParseSlowly(ReadOnlySpan<byte> text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
