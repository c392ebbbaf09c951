using Twins.Contracts.Query;

namespace Twins.Api.Events;

/// <summary>What a client missed, as far as it wants it.</summary>
internal static class Backlog
{
    /// <summary>Leaves out what the filter does not hold for.</summary>
    /// <param name="missed">What was missed, in order.</param>
    /// <param name="filter">The filter; null for none.</param>
    /// <param name="now">When it is asked.</param>
    /// <param name="backlog">What is left of it.</param>
    /// <returns>
    /// False if that can not be said of one of them: it came while nobody wanted documents. Told without a filter they could be the
    /// whole buffer.
    /// </returns>
    public static bool TryFilter(HubEvent[] missed, LiveFilter? filter, DateTimeOffset now, out HubEvent[] backlog)
    {
        backlog = missed;
        if (filter is null || missed.Length == 0)
        {
            return true;
        }

        if (Array.Exists(missed, next => next is { TwinId: not null, Document: null }))
        {
            return false;
        }

        // Not the hub's own, which would hold up what happens meanwhile.
        var wanted = new DocumentFilter(filter.Parsed);
        backlog = Array.FindAll(missed, next => next.Document is null || wanted.Holds(next.Document, now));
        return true;
    }
}
