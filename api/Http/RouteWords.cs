using Microsoft.AspNetCore.Routing.Patterns;

namespace Twins.Api.Http;

/// <summary>The segments of a route that are words, not parameters.</summary>
internal static class RouteWords
{
    /// <summary>Returns each word with the number of its segment, the first being 0.</summary>
    public static IEnumerable<(int Segment, string Word)> Of(RoutePattern route)
    {
        foreach (var (index, segment) in route.PathSegments.Index())
        {
            if (segment is { IsSimple: true, Parts: [RoutePatternLiteralPart { Content: var word }] })
            {
                yield return (index, word);
            }
        }
    }
}
