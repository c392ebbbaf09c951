using Twins.Api.Http;
using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Api.Twins;

/// <summary>What all questions to the whole fleet have in common: a filter, the writes they must see, and a time.</summary>
internal static class FleetQueries
{
    /// <summary>Reads them from a request; an empty filter is none.</summary>
    public static bool TryRead(string? filter, HttpRequest request, TimeProvider time, out FleetQuery? query, out Problem? problem)
    {
        query = null;
        problem = null;
        if ((!string.IsNullOrEmpty(filter) && !request.HttpContext.RequestServices.GetRequiredService<FilterCache>().TryParse(filter, out _, out problem))
            || !SeenWrites.TryRead(request, out var seen, out problem))
        {
            return false;
        }

        query = new FleetQuery
        {
            Filter = string.IsNullOrEmpty(filter) ? null : filter,
            Seen = seen,
            Caller = Caller.Of(request.HttpContext),

            // In milliseconds: a cursor carries it from page to page.
            Now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        };
        return true;
    }
}
