namespace Twins.Benchmarks.Load;

/// <summary>Numbers of a fixed number of digits, written into what is encoded already.</summary>
internal static class DecimalDigits
{
    /// <summary>Writes the last digits of a number, as many as there is room for.</summary>
    public static void Write(Span<byte> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            target[i] = (byte)('0' + digit);
        }
    }
}
