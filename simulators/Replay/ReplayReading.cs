using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Twins.Simulators.Devices;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Replay;

/// <summary>One row of a file.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="DeviceId">The twin id.</param>
/// <param name="Names">The properties' names.</param>
/// <param name="Cells">Their values as written; empty: absent.</param>
internal sealed record ReplayReading(
    long Line, DateTimeOffset Time, string DeviceId, IReadOnlyList<string> Names, string[] Cells)
{
    private static readonly SearchValues<char> NumberStart = SearchValues.Create("-0123456789");

    /// <summary>Whether no property has a value.</summary>
    public bool IsEmpty => Array.TrueForAll(Cells, static cell => cell.Length == 0);

    /// <summary>The time as RFC 3339.</summary>
    public string TimeText => Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The merge patch this reading is.</summary>
    public byte[] Payload(MessageStamp stamp, MqttProtocol protocol) =>
        JsonText.Object((Reading: this, stamp, protocol), static (writer, state) =>
        {
            state.stamp.WriteMembers(writer, state.protocol);
            var (names, cells) = (state.Reading.Names, state.Reading.Cells);
            for (var column = 0; column < cells.Length; column++)
            {
                if (cells[column].Length > 0)
                {
                    writer.WritePropertyName(names[column]);
                    WriteValue(writer, cells[column]);
                }
            }
        });

    private static void WriteValue(Utf8JsonWriter writer, string cell)
    {
        if (cell is "true" or "false")
        {
            writer.WriteBooleanValue(cell == "true");
        }
        else if (IsNumber(cell))
        {
            // As written: 44.30 stays 44.30, and no digit is lost to a double.
            writer.WriteRawValue(cell, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(cell);
        }
    }

    private static bool IsNumber(string cell)
    {
        if (!NumberStart.Contains(cell[0]))
        {
            return false;
        }

        // The reader knows JSON's grammar: neither 007 nor +1 nor 1. are numbers.
        Span<byte> utf8 = stackalloc byte[64];
        if (!System.Text.Encoding.UTF8.TryGetBytes(cell, utf8, out var length))
        {
            return false;
        }

        var reader = new Utf8JsonReader(utf8[..length]);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read() && reader.BytesConsumed == length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
