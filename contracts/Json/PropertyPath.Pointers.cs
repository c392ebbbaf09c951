using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twins.Contracts.Json;

public static partial class PropertyPath
{
    /// <summary>The most fields that <see cref="ParseFields"/> takes.</summary>
    public const int MaxFields = 64;

    /// <summary>
    /// Reads a path as it stands in routes, topics and filters: names between slashes, with <c>~1</c> for a slash and
    /// <c>~0</c> for a tilde in a name, as in a JSON pointer, but without the slash in front.
    /// </summary>
    /// <param name="text">For example <c>motor/rpm</c>.</param>
    /// <param name="path">The names, at least one.</param>
    /// <param name="problem"><c>path-invalid</c> (400).</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out string[]? path, [NotNullWhen(false)] out Problem? problem)
    {
        var limits = JsonLimits.Max;
        var segments = text.Split('/');
        var wrong = segments.Length > limits.MaxDepth
            ? string.Create(
                CultureInfo.InvariantCulture, $"has {segments.Length} names; the limit is {limits.MaxDepth}")
            : null;
        for (var i = 0; i < segments.Length && wrong is null; i++)
        {
            var segment = segments[i];
            wrong = segment.Length == 0 ? "has an empty name; put one name between two slashes, and none at the ends"
                : segment is "." or ".." ? $"has the name \"{segment}\", which no address can have; use another name"
                : !TryUnescape(segment, out segments[i])
                    ? $"has \"{segment}\" in it, where a tilde is not an escape; write \"~0\" for \"~\" and \"~1\" for \"/\""
                : System.Text.Encoding.UTF8.GetByteCount(segments[i]) > limits.MaxNameBytes
                    ? $"has a name longer than {limits.MaxNameBytes} bytes; use shorter names"
                : null;
        }

        problem = wrong is null ? null : new Problem(400, "path-invalid", $"path \"{Shortened(text)}\" {wrong}");
        path = wrong is null ? segments : null;
        return path is not null;
    }

    /// <summary>Writes a path the way <see cref="TryParse"/> reads it.</summary>
    public static string Format(IReadOnlyList<string> path) => string.Join('/', path.Select(Escape));

    /// <summary>Writes a path as a JSON pointer (RFC 6901), with the slash in front.</summary>
    public static string Pointer(IReadOnlyList<string> path) => string.Concat(path.Select(name => "/" + Escape(name)));

    /// <summary>
    /// Reads a list of paths: <c>id,reported/motor/rpm</c>. A name may stand in double quotes, as in filters, with the escapes of JSON:
    /// <c>tags/"a/b"</c> is <c>tags/a~1b</c>.
    /// </summary>
    /// <param name="fields">At least one path, at most <see cref="MaxFields"/>, with commas between them.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="problem"><c>fields-invalid</c> (400).</param>
    public static bool ParseFields(
        string fields,
        [NotNullWhen(true)] out IReadOnlyList<string[]>? paths,
        [NotNullWhen(false)] out Problem? problem)
    {
        paths = null;
        if (QuotedNames.Split(fields) is not { } texts)
        {
            problem = new Problem(
                400, "fields-invalid", "fields: a name in double quotes must be a JSON string, followed by a slash, a comma or the end; for example fields=tags/\"a/b\"");
            return false;
        }

        if (texts.Count > MaxFields)
        {
            problem = new Problem(
                400, "fields-invalid", $"fields lists {texts.Count} fields; the limit is {MaxFields}");
            return false;
        }

        var parsed = new string[texts.Count][];
        for (var i = 0; i < texts.Count; i++)
        {
            if (!TryParse(texts[i], out var path, out var wrong))
            {
                problem = new Problem(
                    400, "fields-invalid", $"fields: {wrong.Detail}; for example fields=id,reported/motor/rpm");
                return false;
            }

            parsed[i] = path;
        }

        (paths, problem) = (parsed, null);
        return true;
    }

    /// <summary>Writes a name as one segment of a path.</summary>
    internal static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Reads a name from one segment of a path; false where a tilde is no escape.</summary>
    internal static bool TryUnescape(string segment, out string name)
    {
        for (var tilde = segment.IndexOf('~', StringComparison.Ordinal);
            tilde >= 0;
            tilde = segment.IndexOf('~', tilde + 1))
        {
            if (tilde + 1 == segment.Length || segment[tilde + 1] is not ('0' or '1'))
            {
                name = segment;
                return false;
            }
        }

        // In this order, so that "~01" is "~1" and not "/" (RFC 6901 section 4).
        name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return true;
    }

    private static string Shortened(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
