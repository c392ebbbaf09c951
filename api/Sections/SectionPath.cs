using Microsoft.AspNetCore.Http.Features;
using Twins.Contracts;
using Twins.Contracts.Json;

namespace Twins.Api.Sections;

/// <summary>
/// The path of properties in an address: one segment per name, each percent-decoded on its own, spelled like
/// everywhere else (<see cref="PropertyPath"/>): a slash in a name is <c>~1</c>. <c>%2F</c> separates names like <c>/</c> does:
/// generated clients send a path that way.
/// </summary>
internal static class SectionPath
{
    private const string EncodedSlash = "%2F";

    /// <summary>The section, then the names of the path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="section">tags, desired or reported.</param>
    /// <param name="captured">What routing captured behind the section.</param>
    /// <param name="target">The section and the names.</param>
    /// <param name="problem">Why there is none.</param>
    public static bool TryRead(HttpRequest request, string section, string captured, out string[] target, out Problem? problem)
    {
        target = [];

        // One trailing slash says nothing, here as elsewhere in routing.
        var text = captured.EndsWith('/') ? captured[..^1] : captured;
        if (text.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase))
        {
            text = FromRequestLine(request, text);
        }

        if (!PropertyPath.TryParse(text, out var names, out problem))
        {
            return false;
        }

        target = [section, .. names];
        return true;
    }

    /// <summary>
    /// Routing decodes everything but <c>%2F</c>. Only the request line tells it from a decoded <c>%252F</c>, which is text in a name.
    /// </summary>
    private static string FromRequestLine(HttpRequest request, string text)
    {
        var raw = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var sent = (query < 0 ? raw : raw[..query]).TrimEnd('/').Split('/');
        var names = text.Split('/');
        for (var i = 1; i <= names.Length && i <= sent.Length; i++)
        {
            names[^i] = Uri.UnescapeDataString(sent[^i]);
        }

        return string.Join('/', names);
    }
}
