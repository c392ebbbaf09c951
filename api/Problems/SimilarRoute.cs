using Microsoft.AspNetCore.Routing.Patterns;
using Twins.Api.Http;
using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>Finds the route that was probably meant by a path that has none.</summary>
internal static class SimilarRoute
{
    /// <summary>Longer paths are not compared: a request line may have 128 KiB.</summary>
    private const int MaxPath = 512;

    /// <summary>Returns the path with the words of the most similar route; null if none is similar.</summary>
    public static string? To(PathString path, EndpointDataSource endpoints)
    {
        if (path.Value is not { Length: <= MaxPath } text)
        {
            return null;
        }

        var given = text.Trim('/').Split('/');
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
        var segments = route.PathSegments.Count;
        var isOpen = route.Parameters is [.., { IsCatchAll: true }];
        if (given.Length > segments && !isOpen)
        {
            return null;
        }

        var (meant, distance) = (new List<string>(given), 0);
        foreach (var (segment, word) in RouteWords.Of(route))
        {
            if (segment == meant.Count)
            {
                // A word that is missing at the end, like "live" in /healthz.
                meant.Add(word);
                distance++;
                continue;
            }

            if (segment > meant.Count || Suggestion.For(meant[segment], [word]) is null)
            {
                return null;
            }

            distance += Suggestion.Distance(meant[segment], word);
            meant[segment] = word;
        }

        return distance == 0 || meant.Count < segments ? null : ($"/{string.Join('/', meant)}", distance);
    }
}
