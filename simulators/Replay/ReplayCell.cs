using System.Text;
using System.Text.Json;

namespace Twins.Simulators.Replay;

/// <summary>A value as it stands in a file: JSON where it is JSON, else a text. An empty cell says nothing.</summary>
internal static class ReplayCell
{
    private const int OnStack = 256;

    /// <summary>How the cell is read.</summary>
    public static ReplayCellKind KindOf(string cell) => cell switch
    {
        "true" or "false" or "null" => ReplayCellKind.Json,
        ['-' or (>= '0' and <= '9'), ..] => IsJson(cell) ? ReplayCellKind.Number : ReplayCellKind.Text,
        ['"' or '[' or '{', ..] => IsJson(cell) ? ReplayCellKind.Json : ReplayCellKind.Text,
        _ => ReplayCellKind.Text,
    };

    /// <summary>Writes the value of a cell that is not empty.</summary>
    public static void Write(Utf8JsonWriter writer, string cell)
    {
        if (KindOf(cell) == ReplayCellKind.Text)
        {
            writer.WriteStringValue(cell);
        }
        else
        {
            // As written: 44.30 stays 44.30, and no digit is lost to a double.
            writer.WriteRawValue(cell, skipInputValidation: true);
        }
    }

    /// <summary>The cell that is read as this value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="amongNumbers">Whether the column has numbers too, where a text must show that it is meant.</param>
    public static string Of(JsonElement value, bool amongNumbers)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetRawText();
        }

        var text = value.GetString()!;
        var plain = !amongNumbers && text.Length > 0 && text == text.Trim() && KindOf(text) == ReplayCellKind.Text && !text.AsSpan().ContainsAny('\r', '\n');
        return plain ? text : value.GetRawText();
    }

    // The reader knows JSON's grammar: neither 007 nor +1 nor 1. are numbers.
    private static bool IsJson(string cell)
    {
        var length = Encoding.UTF8.GetMaxByteCount(cell.Length);
        var utf8 = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        utf8 = utf8[..Encoding.UTF8.GetBytes(cell, utf8)];
        var reader = new Utf8JsonReader(utf8);
        try
        {
            reader.Read();
            reader.Skip();
            return !reader.Read() && reader.BytesConsumed == utf8.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
