using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>What can be wrong with a JSON text, each in one sentence that says where and what would be right.</summary>
internal static class PayloadProblems
{
    internal static Problem TooLarge(int bytes, JsonLimits limits) => new(
        413,
        "payload-too-large",
        string.Create(
            CultureInfo.InvariantCulture,
            $"payload has {bytes} bytes; the limit is {limits.MaxBytes}: send it in smaller parts"));

    internal static Problem Empty() => new(
        400, "payload-empty", "payload is empty; send one JSON value, for example {\"temperature\":21.5}");

    internal static Problem NotUtf8(ReadOnlySpan<byte> utf8)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(utf8[valid..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            valid += consumed;
        }

        return new Problem(
            400,
            "payload-not-utf8",
            $"payload is not UTF-8 at {Position(utf8, valid)} (0x{utf8[valid]:x2}); send JSON encoded in UTF-8");
    }

    internal static Problem NotJson(ReadOnlySpan<byte> utf8, JsonException malformed)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            return new Problem(
                400,
                "payload-not-json",
                "payload starts with a byte order mark at line 1, byte 1; send JSON in UTF-8 without one");
        }

        return new Problem(
            400,
            "payload-not-json",
            $"payload is not JSON at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: {JsonMistakes.Describe(utf8, malformed)}");
    }

    internal static Problem TooDeep(ReadOnlySpan<byte> utf8, int index, JsonLimits limits) => new(
        400,
        "payload-too-deep",
        $"payload has more than {limits.MaxDepth} objects and arrays within one another at {Position(utf8, index)}; nest at most {limits.MaxDepth}");

    /// <summary>RFC 3986, 5.2.4: clients and servers remove segments of dots from an address; servers and MQTT refuse U+0000.</summary>
    internal static Problem NameWithoutAddress(ReadOnlySpan<byte> utf8, int index) => new(
        400,
        "payload-name-invalid",
        $"a property name at {Position(utf8, index)} is \".\" or \"..\", or has the character U+0000; no address can have that: use another name");

    internal static Problem NameTooLong(ReadOnlySpan<byte> utf8, int index, int bytes, JsonLimits limits) => new(
        400,
        "name-too-long",
        $"property name at {Position(utf8, index)} has {bytes} bytes; use names of at most {limits.MaxNameBytes} bytes");

    internal static Problem DuplicateName(ReadOnlySpan<byte> utf8, int index, ReadOnlySpan<byte> quotedName) => new(
        400,
        "duplicate-name",
        $"property name {Encoding.UTF8.GetString(quotedName)} at {Position(utf8, index)} is in the same object twice; send each name once");

    internal static Problem UnpairedSurrogate(ReadOnlySpan<byte> utf8, int index) => new(
        400,
        "unpaired-surrogate",
        $"string at {Position(utf8, index)} escapes half of a surrogate pair; escape both halves, or send the character itself");

    private static string Position(ReadOnlySpan<byte> utf8, int index)
    {
        var before = utf8[..index];
        var line = before.Count((byte)'\n') + 1;
        return string.Create(
            CultureInfo.InvariantCulture, $"line {line}, byte {index - before.LastIndexOf((byte)'\n')}");
    }
}
