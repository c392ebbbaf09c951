namespace Twins.Silo.Fleet.Index;

/// <summary>
/// What a column of the index has for a row, in 64 bits: a number, a truth value, a text of the table's pool, that there is an
/// object or an array, or several values (<see cref="ManyCells"/>).
/// </summary>
/// <remarks>
/// A number is the complement of its bits as a double. No number of JSON is NaN, so everything else lies where the complements of NaN
/// would, below <see cref="FirstNumber"/>: read as a double it is NaN, and compares as false with whatever it is compared. In 32 bits
/// it is the same with a float, for numbers that a float can say exactly. An integer that is no double is its bytes in the table's pool of texts:
/// equal integers are equal cells.
/// </remarks>
internal static class Cell
{
    internal const ulong None = 0;
    internal const ulong False = 1;
    internal const ulong True = 2;
    internal const ulong EmptyObject = 3;
    internal const ulong Object = 4;
    internal const ulong EmptyArray = 5;

    /// <summary>An array that has elements, but no text, number or truth value among them.</summary>
    internal const ulong Array = 6;

    /// <summary>Below are what no number, no text and not several values is; the same in 32 bits.</summary>
    internal const uint Constants = 16;

    private const ulong TextTag = 1UL << 32;
    private const ulong ManyTag = 2UL << 32;
    private const ulong IntegerTag = 3UL << 32;
    private const ulong FirstNumber = 1UL << 51;

    private const uint NarrowMany = 1U << 21;
    private const uint NarrowNumber = 1U << 22;

    // -0 and 0 are one value; the sum of both is 0.
    internal static ulong Number(double number) => ~BitConverter.DoubleToUInt64Bits(number + 0.0);

    internal static ulong Text(int code) => TextTag | (uint)code;

    internal static ulong Many(int index) => ManyTag | (uint)index;

    /// <summary>An integer that is no double.</summary>
    internal static ulong Integer(int code) => IntegerTag | (uint)code;

    /// <summary>A number that is a double; see <see cref="IsInteger"/> for the others.</summary>
    internal static bool IsNumber(ulong cell) => cell >= FirstNumber;

    /// <summary>An integer that is no double.</summary>
    internal static bool IsInteger(ulong cell) => cell >> 32 == IntegerTag >> 32;

    internal static bool IsText(ulong cell) => cell >> 32 == TextTag >> 32;

    internal static bool IsMany(ulong cell) => cell >> 32 == ManyTag >> 32;

    internal static bool IsBoolean(ulong cell) => cell is False or True;

    /// <summary>A number, a text or a truth value: what conditions compare.</summary>
    internal static bool IsScalar(ulong cell) => IsNumber(cell) || IsText(cell) || IsInteger(cell) || IsBoolean(cell);

    /// <summary>The number of a cell; NaN for what is none.</summary>
    internal static double NumberOf(ulong cell) => BitConverter.UInt64BitsToDouble(~cell);

    /// <summary>The number of a narrow cell; NaN for what is none.</summary>
    internal static float NumberOf(uint narrow) => BitConverter.UInt32BitsToSingle(~narrow);

    /// <summary>The code of a text or an integer, or the place of several values.</summary>
    internal static int CodeOf(ulong cell) => (int)cell;

    /// <summary>Whether the cell has bytes in the table's pool of texts.</summary>
    internal static bool HasCode(ulong cell) => IsText(cell) || IsInteger(cell);

    internal static ulong Widen(uint narrow) =>
        narrow >= NarrowNumber ? ~BitConverter.DoubleToUInt64Bits(NumberOf(narrow))
        : narrow < Constants ? narrow
        : narrow < NarrowMany ? TextTag | (narrow - Constants)
        : ManyTag | (narrow - NarrowMany);

    /// <summary>The cell in 32 bits, where it can be said in them.</summary>
    internal static bool TryNarrow(ulong cell, out uint narrow)
    {
        if (IsNumber(cell))
        {
            var number = NumberOf(cell);
            var single = (float)number;
            narrow = ~BitConverter.SingleToUInt32Bits(single);
            return single == number;
        }

        narrow = (uint)cell;
        if (cell < Constants)
        {
            return true;
        }

        if (IsInteger(cell))
        {
            return false;
        }

        var (offset, end) = IsText(cell) ? (Constants, NarrowMany) : (NarrowMany, NarrowNumber);
        narrow += offset;
        return narrow >= offset && narrow < end;
    }

    /// <summary>A number that is whole and, as a double, exact.</summary>
    internal static bool IsWhole(ulong cell, out long number)
    {
        const double exact = 1L << 53;
        var value = NumberOf(cell);
        number = value is > -exact and < exact ? (long)value : 0;
        return IsNumber(cell) && number == value;
    }
}
