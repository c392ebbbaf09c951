using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Twins.EndToEnd.Tests;

/// <summary>Documents of every kind of JSON, and what they mean.</summary>
internal static class JsonDocuments
{
    private static readonly Gen<string> s_names = Gen.Frequency(
        (4, Gen.OneOf("a", "b", "rpm", "at", "value")),
        (2, Gen.OneOf("a/b", "~", "~0", "~1", "a~1b", "%2F", "a b", "\"q\"", "\\", "A", "é", "e\u0301", "😀", "\u0000", "\n", "a,b", "a.b", "*", "#", "+", "length", "__proto__", "ﬁ", "\u202e")),
        (1, Gen.String[Gen.Char[' ', '~'], 1, 40]));

    private static readonly Gen<string> s_numbers = Gen.Frequency(
        (3, Gen.Int.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (2, Gen.OneOf("0", "-0", "0.0", "1.0", "1e0", "100e-2", "9007199254740993", "18446744073709551615", "-9223372036854775808", "8944500112345678901", "0.1", "1.5e300", "5e-324")),
        (1, Gen.OneOf("1e400", "-1e400", "1e-400", "1e99999999999", "-2e-99999999999", "123456789012345678901234567890.123456789012345678901234567890")),
        (2, Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R", CultureInfo.InvariantCulture))));

    private static readonly Gen<string> s_texts = Gen.OneOf(
        Gen.OneOf("", "a", "2026-01-02T03:04:05Z", "null", "1", "\u0000", "\r\n\t\u001f", "\"\\/", "é", "e\u0301", "😀😀", "*", "?", "\ufeff"),
        Gen.String[Gen.Char[' ', '~'], 0, 60]);

    private static readonly Gen<string> s_scalars = Gen.OneOf(Gen.OneOf("true", "false"), s_numbers, s_texts.Select(Quote));

    /// <summary>The texts of objects, with members and elements that are null too.</summary>
    public static readonly Gen<string> Objects = Gen.Recursive<string>((depth, value) => depth > 5
        ? s_scalars
        : Gen.Frequency((depth == 0 ? 0 : 4, s_scalars), (3, Object(OrNull(value))), (depth == 0 ? 0 : 2, OrNull(value).Array[0, 4].Select(items => $"[{string.Join(',', items)}]"))));

    /// <summary>The document as it is read back: members that are null are absent.</summary>
    public static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                if (value is null)
                {
                    members.Remove(name);
                }
                else
                {
                    WithoutNulls(value);
                }
            }
        }

        return node;
    }

    /// <summary>Whether two values are equal: numbers as decimals of any length, members in any order.</summary>
    public static bool AreEqual(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => left.GetPropertyCount() == right.GetPropertyCount()
            && left.EnumerateObject().All(member => right.TryGetProperty(member.Name, out var other) && AreEqual(member.Value, other)),
        (JsonValueKind.Array, JsonValueKind.Array) => left.GetArrayLength() == right.GetArrayLength()
            && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        (JsonValueKind.Number, JsonValueKind.Number) => Decimal(left.GetRawText()) == Decimal(right.GetRawText()),
        (JsonValueKind.String, JsonValueKind.String) => left.GetString() == right.GetString(),
        var (one, other) => one == other,
    };

    /// <summary>The members that are no objects, each with the names on the way to it.</summary>
    public static IEnumerable<(string[] Path, JsonElement Value)> Leaves(JsonElement element, params string[] path) =>
        element.ValueKind == JsonValueKind.Object && (path.Length == 0 || element.GetPropertyCount() > 0)
            ? element.EnumerateObject().SelectMany(member => Leaves(member.Value, [.. path, member.Name]))
            : [(path, element)];

    /// <summary>A text of JSON.</summary>
    public static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    /// <summary>A number as digits without zeros at their end, and an exponent.</summary>
    private static (BigInteger Digits, BigInteger Exponent) Decimal(string number)
    {
        var (mantissa, exponent) = number.Split('e', 'E') is [var first, var second]
            ? (first, BigInteger.Parse(second.TrimStart('+'), CultureInfo.InvariantCulture))
            : (number, BigInteger.Zero);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        var digits = BigInteger.Parse(mantissa, CultureInfo.InvariantCulture);
        if (digits.IsZero)
        {
            return (digits, digits);
        }

        while (digits % 10 == 0)
        {
            (digits, exponent) = (digits / 10, exponent + 1);
        }

        return (digits, exponent);
    }

    private static Gen<string> OrNull(Gen<string> value) => Gen.Frequency((6, value), (1, Gen.Const("null")));

    private static Gen<string> Object(Gen<string> value) => Gen.Select(s_names, value).Array[0, 5].Select(members =>
    {
        var text = new StringBuilder("{");
        foreach (var (name, member) in members.DistinctBy(static member => member.Item1, StringComparer.Ordinal))
        {
            text.Append(text.Length > 1 ? "," : "").Append(Quote(name)).Append(':').Append(member);
        }

        return text.Append('}').ToString();
    });
}
