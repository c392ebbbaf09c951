using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twins.Contracts.Twins;

/// <summary>
/// The rule of twin ids, <c>[A-Za-z0-9][A-Za-z0-9._:-]{0,127}</c>: what can stand in a topic, a route and a key
/// without escaping.
/// </summary>
public static class TwinId
{
    /// <summary>The most characters an id can have.</summary>
    public const int MaxLength = 128;

    private const string Characters = "use letters, digits, \".\", \"_\", \"-\" and \":\"";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Whether this is a twin id.</summary>
    public static bool IsValid([NotNullWhen(true)] string? id) =>
        id is not null && IsValid(id.AsSpan());

    /// <summary>Whether this is a twin id.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(id[0]) && !id.ContainsAnyExcept(Allowed);

    /// <summary>Says what is wrong with a twin id.</summary>
    /// <param name="id">What was given as twin id.</param>
    /// <param name="problem"><c>twin-id-invalid</c> (400).</param>
    public static bool TryValidate(string id, [NotNullWhen(false)] out Problem? problem) =>
        TryValidate("twin id", "ids", "twin-id-invalid", id, out problem);

    /// <summary>What stands before the first <c>:</c>; empty where there is none.</summary>
    public static string NamespaceOf(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? "" : id[..colon];
    }

    /// <summary>The same rule for other names that stand in topics and routes.</summary>
    /// <param name="what">What it names, e.g. <c>twin id</c>.</param>
    /// <param name="plural">Several of them, e.g. <c>ids</c>.</param>
    /// <param name="code">The problem's code.</param>
    /// <param name="value">What was given.</param>
    /// <param name="problem">What is wrong with it.</param>
    internal static bool TryValidate(
        string what, string plural, string code, string value, [NotNullWhen(false)] out Problem? problem)
    {
        problem = IsValid(value) ? null : new Problem(400, code, Explain(what, plural, value));
        return problem is null;
    }

    private static string Explain(string what, string plural, string value)
    {
        if (value.Length == 0)
        {
            return $"{what} is empty; {plural} have 1 to {MaxLength} characters";
        }

        if (value.Length > MaxLength)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{what} has {value.Length} characters; {plural} have at most {MaxLength}");
        }

        // Control characters and halves of pairs would make the sentence itself unreadable.
        var bad = value.AsSpan().IndexOfAnyExcept(Allowed);
        return bad < 0 ? $"{what} \"{value}\" starts with \"{value[0]}\"; {plural} start with a letter or a digit"
            : char.IsControl(value[bad]) || char.IsSurrogate(value[bad]) ? string.Create(
                CultureInfo.InvariantCulture,
                $"{what} contains U+{(int)value[bad]:X4} as character {bad + 1}; {plural} {Characters}")
            : $"{what} \"{value}\" contains \"{value[bad]}\"; {plural} {Characters}";
    }
}
