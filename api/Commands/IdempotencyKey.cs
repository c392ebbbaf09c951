using Microsoft.Extensions.Primitives;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Commands;

/// <summary>The <c>Idempotency-Key</c> header: the same key is the same command, sent once.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    private const int MaxLength = 128;

    /// <summary>Reads the header; quotes around the key (a structured-field string) are not part of it.</summary>
    public static bool TryRead(StringValues header, out string? key, out Problem? problem)
    {
        key = null;
        problem = null;
        if (header.Count == 0)
        {
            return true;
        }

        var text = header.ToString();
        var bare = text is ['"', .. var inner, '"'] ? inner : text;
        if (header.Count == 1 && bare.Length is >= 1 and <= MaxLength && !bare.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            key = bare;
            return true;
        }

        problem = RequestProblems.Header(Header, text, $"one key of 1 to {MaxLength} visible ASCII characters, for example a UUID");
        return false;
    }
}
