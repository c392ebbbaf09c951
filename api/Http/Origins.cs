namespace Twins.Api.Http;

/// <summary>Tells whether a request comes from a page that may change something here.</summary>
/// <param name="trusted">Origins of <c>Twins:Api:CorsOrigins</c>.</param>
internal sealed class Origins(IReadOnlyCollection<string> trusted)
{
    /// <summary>
    /// Returns whether the request comes from no page, from a page of this server, or from a page of a trusted origin. A browser says so
    /// in <c>Sec-Fetch-Site</c> (W3C Fetch Metadata); one that does not sends <c>Origin</c>, which is compared with <c>Host</c>.
    /// </summary>
    public bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return (origin.Length > 0 && IsTrusted(origin)) || (site.Length > 0 ? site is "same-origin" or "none" : origin.Length == 0 || IsOwn(origin, request.Host));
    }

    /// <summary>Returns whether a page of this origin may open a WebSocket: browsers do not ask beforehand, as they do for requests (RFC 6455, 10.2).</summary>
    public bool AllowsSocket(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsTrusted(origin) || IsOwn(origin, request.Host);
    }

    /// <summary>Compares name and port, not the scheme: a proxy may have ended TLS.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && Uri.TryCreate($"{page.Scheme}://{host.Value}", UriKind.Absolute, out var own)
        && string.Equals(page.IdnHost, own.IdnHost, StringComparison.OrdinalIgnoreCase)
        && page.Port == own.Port;

    private bool IsTrusted(string origin) => trusted.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
