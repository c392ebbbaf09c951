using System.Globalization;

namespace Twins.Api.Http;

/// <summary>Times as the whole platform spells them: RFC 3339, UTC, milliseconds.</summary>
internal static class UtcTime
{
    /// <summary><c>2026-01-02T03:04:05.678Z</c>.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Spells a time.</summary>
    public static string ToText(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
