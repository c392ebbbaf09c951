using Microsoft.AspNetCore.Diagnostics;
using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>Gives a body to the answers that routing makes without one: unknown routes and wrong methods.</summary>
internal static class BareStatusCodes
{
    /// <summary>Writes the problem of the status code that is set.</summary>
    public static Task Write(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var request = http.Request;
        var problem = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound when request.Path.StartsWithSegments("/dashboard", StringComparison.Ordinal) => new Problem(
                StatusCodes.Status404NotFound,
                "no-such-route",
                "the dashboard is off; set Twins:Dashboard:Username and Twins:Dashboard:Password to serve it"),
            StatusCodes.Status404NotFound => RequestProblems.UnknownRoute(
                request.Path.ToUriComponent(), SimilarRoute.To(request.Path, http.RequestServices.GetRequiredService<EndpointDataSource>())),
            StatusCodes.Status405MethodNotAllowed when HttpMethods.IsPost(request.Method) && request.Path.Value is "/twins" or "/twins/" => new Problem(
                StatusCodes.Status405MethodNotAllowed,
                "method-not-allowed",
                $"twins are created with PUT /twins/{{id}}: the caller chooses the id; /twins takes {http.Response.Headers.Allow}"),
            StatusCodes.Status405MethodNotAllowed => new Problem(
                StatusCodes.Status405MethodNotAllowed,
                "method-not-allowed",
                $"{request.Path.ToUriComponent()} does not take {request.Method}; it takes {http.Response.Headers.Allow}"),
            var status => new Problem(status, "http-" + status, ProblemBody.Title(status)),
        };
        return new ProblemResult(problem).ExecuteAsync(http);
    }
}
