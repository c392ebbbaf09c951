using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Twins.Contracts.Json;

/// <summary>Numbers as texts, compared exactly: no double rounds two of them into one.</summary>
internal static class JsonNumber
{
    /// <summary>Longer exponents are compared as texts: parsing one of 64 KiB takes milliseconds, and a body can have one.</summary>
    private const int MaxExponentDigits = 1000;

    /// <summary>Whether two valid JSON numbers have the same value.</summary>
    internal static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }

        var a = new Parts(left);
        var b = new Parts(right);
        if (a.IsZero || b.IsZero)
        {
            return a.IsZero && b.IsZero;
        }

        return a.IsNegative == b.IsNegative
            && a.Magnitude is { } magnitude
            && magnitude == b.Magnitude
            && a.HasSameDigits(b);
    }

    // A number as sign × 0.ddd × 10^Magnitude, with the first d not 0.
    private readonly ref struct Parts
    {
        private readonly ReadOnlySpan<byte> _digits;
        private readonly int _point;

        internal Parts(ReadOnlySpan<byte> number)
        {
            IsNegative = number[0] == (byte)'-';
            number = IsNegative ? number[1..] : number;
            var e = number.IndexOfAny((byte)'e', (byte)'E');
            var exponent = ReadOnlySpan<byte>.Empty;
            if (e >= 0)
            {
                exponent = number[(e + 1)..];
                number = number[..e];
            }

            var point = number.IndexOf((byte)'.');
            point = point < 0 ? number.Length : point;
            var first = number.IndexOfAnyInRange((byte)'1', (byte)'9');
            if (first < 0)
            {
                IsZero = true;
                return;
            }

            var last = number.LastIndexOfAnyInRange((byte)'1', (byte)'9');
            _digits = number[first..(last + 1)];
            _point = point - first;

            // Digits in front of the point, or minus the zeros behind it.
            Magnitude = (first < point ? point - first : point - first + 1) + Exponent(exponent);
        }

        internal bool IsNegative { get; }

        internal bool IsZero { get; }

        /// <summary>Null for an exponent of more than <see cref="MaxExponentDigits"/> digits: such numbers are equal only as texts.</summary>
        internal BigInteger? Magnitude { get; }

        internal bool HasSameDigits(in Parts other)
        {
            var (i, j) = (0, 0);
            while (true)
            {
                i += i == _point ? 1 : 0;
                j += j == other._point ? 1 : 0;
                if (i >= _digits.Length || j >= other._digits.Length)
                {
                    return i >= _digits.Length && j >= other._digits.Length;
                }

                if (_digits[i++] != other._digits[j++])
                {
                    return false;
                }
            }
        }

        private static BigInteger? Exponent(ReadOnlySpan<byte> text)
        {
            if (text.IsEmpty)
            {
                return 0;
            }

            text = text[0] == (byte)'+' ? text[1..] : text;
            if (Utf8Parser.TryParse(text, out int value, out var used) && used == text.Length)
            {
                return value;
            }

            return text.Length > MaxExponentDigits
                ? null
                : BigInteger.Parse(Encoding.ASCII.GetString(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }
    }
}
