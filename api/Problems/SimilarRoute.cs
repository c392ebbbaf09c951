using Microsoft.AspNetCore.Routing.Patterns;
using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>Finds the route that was probably meant by a path that has none.</summary>
internal static class SimilarRoute
{
    /// <summary>Returns the path with the words of the most similar route; null if none is similar.</summary>
    public static string? To(PathString path, EndpointDataSource endpoints)
    {
        var given = (path.Value ?? string.Empty).Trim('/').Split('/');
        var (best, least) = ((string?)null, int.MaxValue);
        foreach (var route in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (Compare(given, route.RoutePattern) is var (meant, distance) && distance < least)
            {
                (best, least) = (meant, distance);
            }
        }

        return best;
    }

    private static (string Meant, int Distance)? Compare(string[] given, RoutePattern route)
    {
        var segments = route.PathSegments;
        var isOpen = segments is [.., { IsSimple: true } last] && last.Parts[0] is RoutePatternParameterPart { IsCatchAll: true };
        if (given.Length > segments.Count && !isOpen)
        {
            return null;
        }

        var (meant, distance) = (new List<string>(given), 0);
        for (var i = 0; i < segments.Count; i++)
        {
            // Words behind the path are part of what was meant, like /health/live for /healthz; parameters cannot be guessed.
            if (i >= given.Length)
            {
                if (segments[i] is not { IsSimple: true } missing || missing.Parts[0] is not RoutePatternLiteralPart { Content: var added })
                {
                    return null;
                }

                meant.Add(added);
                distance++;
                continue;
            }

            if (segments[i] is not { IsSimple: true } simple || simple.Parts[0] is not RoutePatternLiteralPart { Content: var word })
            {
                continue;
            }

            if (Suggestion.For(given[i], [word]) is null)
            {
                return null;
            }

            distance += Suggestion.Distance(given[i], word);
            meant[i] = word;
        }

        return distance == 0 ? null : ($"/{string.Join('/', meant)}", distance);
    }
}
