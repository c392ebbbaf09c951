using Microsoft.Net.Http.Headers;

namespace Twins.Api.Http;

/// <summary>The content types that bodies come in.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string EventStream = "text/event-stream";

    /// <summary>What PUT and POST take.</summary>
    public static readonly string[] Documents = [Json];

    /// <summary>What PATCH takes; <c>application/json</c> is a merge patch.</summary>
    public static readonly string[] Patches = [MergePatch, Json, JsonPatch];

    /// <summary>Finds the accepted type that a <c>Content-Type</c> names; null if none, or not in UTF-8.</summary>
    public static string? Match(string? contentType, string[] accepted)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            || (parsed.Charset.HasValue && !HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        foreach (var type in accepted)
        {
            if (parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                return type;
            }
        }

        return null;
    }
}
