using Microsoft.AspNetCore.Http.Features;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>Refuses requests that no endpoint should see, before any endpoint runs.</summary>
internal static class RequestChecks
{
    /// <summary>Adds the checks to the pipeline. Routing has run: the endpoint is known.</summary>
    public static void UseRequestChecks(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<Origins>();
        app.Use((context, next) => Find(context, origins) is { } problem ? problem.ToResult().ExecuteAsync(context) : next(context));
    }

    private static Problem? Find(HttpContext context, Origins origins)
    {
        var request = context.Request;
        if (HasDotSegment(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return RequestProblems.DotSegment();
        }

        if (!IsSafe(request.Method) && !origins.Allows(request))
        {
            return RequestProblems.OtherOrigin(request.Headers.Origin.ToString(), request.Host.Value ?? string.Empty);
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<RouteRules>()?.Check(request);
    }

    /// <summary>RFC 9110, 9.2.1.</summary>
    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>
    /// Returns whether a segment of the path is <c>.</c> or <c>..</c>, encoded or not. The server removes such segments, and with them the
    /// segment before (RFC 3986, 5.2.4): a request for a property would reach the twin.
    /// </summary>
    private static bool HasDotSegment(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (!path.Contains("/.", StringComparison.Ordinal) && !path.Contains("/%2e", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            if (Uri.UnescapeDataString(path[range].ToString()) is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
