using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Twins.Contracts.Json;

/// <summary><see href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901</see> (JSON pointer), on nodes.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _tokens;

    private JsonPointer(string[] tokens) => _tokens = tokens;

    /// <summary>Whether it names the whole document.</summary>
    internal bool IsRoot => _tokens.Length == 0;

    /// <summary>How many objects and arrays are around what it names.</summary>
    internal int Depth => _tokens.Length;

    /// <summary>The last name or index; not of the root.</summary>
    internal string Last => _tokens[^1];

    /// <summary>The pointer without its last name or index; not of the root.</summary>
    internal JsonPointer Parent => new(_tokens[..^1]);

    internal static bool TryParse(string text, [NotNullWhen(true)] out JsonPointer? pointer)
    {
        pointer = null;
        if (text.Length > 0 && text[0] != '/')
        {
            return false;
        }

        var tokens = text.Length == 0 ? [] : text[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!PropertyPath.TryUnescape(tokens[i], out tokens[i]))
            {
                return false;
            }
        }

        pointer = new JsonPointer(tokens);
        return true;
    }

    /// <summary>Reads an index below the bound: digits, and no zero in front (RFC 6901 section 4).</summary>
    internal static bool TryIndex(string token, int bound, out int index) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && (token.Length == 1 || token[0] != '0')
        && index < bound;

    /// <summary>Finds what the pointer names; a value that is null is there, and is a null node.</summary>
    internal bool TryResolve(JsonNode? root, out JsonNode? node)
    {
        node = root;
        foreach (var token in _tokens)
        {
            switch (node)
            {
                case JsonObject members when members.TryGetPropertyValue(token, out var member):
                    node = member;
                    break;

                case JsonArray elements when TryIndex(token, elements.Count, out var index):
                    node = elements[index];
                    break;

                default:
                    node = null;
                    return false;
            }
        }

        return true;
    }

    internal bool IsProperPrefixOf(JsonPointer other) =>
        _tokens.Length < other._tokens.Length && other._tokens.AsSpan().StartsWith(_tokens);

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is JsonPointer other && _tokens.AsSpan().SequenceEqual(other._tokens);

    /// <inheritdoc/>
    public override int GetHashCode() => _tokens.Length == 0 ? 0 : Last.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => PropertyPath.Pointer(_tokens);
}
