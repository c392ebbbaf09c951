using System.Text.Encodings.Web;
using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Contracts.Query.Parsing;

/// <summary>How names are spelled in queries.</summary>
internal static class RqlSpelling
{
    /// <summary>Whether a character needs no quotes around the name or word it is in.</summary>
    internal static bool IsPlain(char value) => value < 0x80
        ? char.IsAsciiLetterOrDigit(value) || value is '_' or '-' or '.' or ':' or '$' or '@' or '~' or '%'
        : !char.IsWhiteSpace(value) && !char.IsControl(value);

    /// <summary>A name, in quotes where it needs them.</summary>
    internal static string Of(string name) => name.Length > 0 && name.All(IsPlain) && PropertyPath.TryUnescape(name, out var unescaped) && unescaped == name
        ? name
        : $"\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A path.</summary>
    internal static string Of(QueryPath path) => string.Join('/', path.Names.Select(Of));
}
