using Microsoft.Extensions.Primitives;

namespace Twins.Api.Commands;

/// <summary>The <c>Prefer</c> header (RFC 7240).</summary>
internal static class Preference
{
    /// <summary>The caller wants 202 at once rather than the answer later.</summary>
    public const string RespondAsync = "respond-async";

    /// <summary>A preference that is asked for, whatever its parameters.</summary>
    public static bool Asks(StringValues header, string preference)
    {
        foreach (var line in header)
        {
            foreach (var part in (line ?? string.Empty).Split(','))
            {
                var end = part.AsSpan().IndexOfAny(';', '=');
                var token = (end < 0 ? part.AsSpan() : part.AsSpan(0, end)).Trim();
                if (token.Equals(preference, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
