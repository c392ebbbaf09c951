using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>
/// JSON texts in the one form in which documents are kept and compared: compact, every string spelled one way (RFC
/// 8785 section 3.2.2.2), so that equal names are equal bytes; numbers and the order of members as they were sent.
/// </summary>
public static partial class JsonText
{
    /// <summary>What a canonical string escapes: the quote, the backslash and control characters.</summary>
    internal static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"u8);

    /// <summary><c>{}</c>.</summary>
    public static ReadOnlySpan<byte> EmptyObject => "{}"u8;

    /// <summary>
    /// For a <see cref="Utf8JsonWriter"/> that composes an answer of canonical parts: escapes as little as it can,
    /// and trusts its caller.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Whether a canonical text is an object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> canonical) => canonical is [(byte)'{', ..];

    /// <summary>Whether a canonical text is <c>null</c>.</summary>
    public static bool IsNull(ReadOnlySpan<byte> canonical) => canonical.SequenceEqual("null"u8);

    /// <summary>
    /// How many objects and arrays of a canonical text are within one another: 0 for a scalar. Add the names of a path
    /// before a value is put there; merging then never makes a document deeper than the deeper of the two.
    /// </summary>
    public static int DepthOf(ReadOnlySpan<byte> canonical)
    {
        var reader = new Utf8JsonReader(canonical, new JsonReaderOptions { MaxDepth = JsonTape.MaxDepth });
        var depth = 0;
        while (!canonical.IsEmpty && reader.Read())
        {
            var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            depth = Math.Max(depth, reader.CurrentDepth + (isContainer ? 1 : 0));
        }

        return depth;
    }

    /// <summary>
    /// Checks that a text is one JSON value within the limits, and brings it to canonical form, in one pass.
    /// </summary>
    /// <param name="utf8">What was sent.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="canonical">The canonical text.</param>
    /// <param name="problem">
    /// What was wrong: <c>payload-too-large</c> (413); <c>payload-empty</c>, <c>payload-not-utf8</c>,
    /// <c>payload-not-json</c>, <c>payload-too-deep</c>, <c>name-too-long</c>, <c>duplicate-name</c>,
    /// <c>unpaired-surrogate</c> (400).
    /// </param>
    public static bool TryNormalize(
        ReadOnlySpan<byte> utf8,
        JsonLimits limits,
        [NotNullWhen(true)] out byte[]? canonical,
        [NotNullWhen(false)] out Problem? problem)
    {
        canonical = null;

        // Size first: nothing that is too large costs more than this comparison.
        problem = utf8.Length > limits.MaxBytes ? PayloadProblems.TooLarge(utf8.Length, limits)
            : utf8.IsEmpty ? PayloadProblems.Empty()
            : System.Text.Unicode.Utf8.IsValid(utf8) ? null
            : PayloadProblems.NotUtf8(utf8);
        if (problem is not null)
        {
            return false;
        }

        var output = new JsonOutput(utf8.Length);
        var names = new NameSet();
        try
        {
            problem = Normalize(utf8, limits, ref output, ref names);
            canonical = problem is null ? output.ToArray() : null;
            return canonical is not null;
        }
        catch (JsonException malformed)
        {
            problem = PayloadProblems.NotJson(utf8, malformed);
            return false;
        }
        finally
        {
            names.Dispose();
            output.Dispose();
        }
    }

    /// <summary>Compares two values: objects whatever the order of their members, numbers as decimals of any length.</summary>
    /// <param name="left">JSON whose strings are spelled as in canonical JSON, or both as <see cref="System.Text.Json"/> spells them.</param>
    /// <param name="right">JSON of the same kind.</param>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        using var a = JsonTape.Parse(left);
        using var b = JsonTape.Parse(right);
        return JsonEquality.AreEqual(a, 0, b, 0);
    }

    /// <summary>Returns the JSON pointer of the first member that is null, within objects within objects; null if there is none.</summary>
    /// <param name="canonical">Canonical JSON.</param>
    /// <param name="nullable">The name, with its quotes, of a member of the document itself that may be null.</param>
    public static string? NullMember(ReadOnlySpan<byte> canonical, ReadOnlySpan<byte> nullable = default)
    {
        if (canonical.IndexOf("null"u8) < 0)
        {
            return null;
        }

        using var tape = JsonTape.Parse(canonical);
        return NullMember(tape, 0, nullable);
    }

    /// <summary>
    /// Removes the members that are null from objects within objects: a property whose value is null is absent.
    /// Arrays are values and stay as they are, as in a merge patch.
    /// </summary>
    /// <param name="canonical">Canonical JSON.</param>
    public static byte[] StripNulls(ReadOnlySpan<byte> canonical)
    {
        if (canonical.IndexOf("null"u8) < 0)
        {
            return canonical.ToArray();
        }

        using var tape = JsonTape.Parse(canonical);
        var output = new JsonOutput(canonical.Length);
        try
        {
            MergePatch.WriteWithoutNulls(tape, 0, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    private static string? NullMember(in JsonTape tape, int row, ReadOnlySpan<byte> nullable)
    {
        if (!tape.IsObject(row))
        {
            return null;
        }

        for (var member = row + 1; member < tape.Next(row); member = tape.Next(member))
        {
            var within = tape.Kind(member) == JsonTokenType.Null ? string.Empty : NullMember(tape, member, default);
            if (within is not null && !tape.Name(member).SequenceEqual(nullable))
            {
                return "/" + PropertyPath.Escape(JsonSerializer.Deserialize<string>(tape.Name(member))!) + within;
            }
        }

        return null;
    }
}
