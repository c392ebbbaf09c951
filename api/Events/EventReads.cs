using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Live;
using Twins.Api.Problems;
using Twins.Contracts.Twins;

namespace Twins.Api.Events;

/// <summary><c>GET /twins/{id}/events</c> and <c>GET /events</c>.</summary>
internal static class EventReads
{
    /// <summary>What happens to one twin; it need not exist yet.</summary>
    public static Results<SseResult, ProblemResult> OfTwin(string id, string? filter, string? kinds, HttpRequest request, LiveFeeds feeds) =>
        TwinId.TryValidate(id, out var problem)
            ? Answer(id, filter, kinds, request, feeds)
            : problem!.ToResult();

    /// <summary>What happens to all twins.</summary>
    public static Results<SseResult, ProblemResult> OfAll(string? filter, string? kinds, HttpRequest request, LiveFeeds feeds) =>
        Answer(twinId: null, filter, kinds, request, feeds);

    private static Results<SseResult, ProblemResult> Answer(string? twinId, string? filter, string? kinds, HttpRequest request, LiveFeeds feeds)
    {
        if (!LiveFilter.TryParse(filter, out var parsed, out var problem) || !EventKinds.TryParse(kinds, out var wanted, out problem))
        {
            return problem!.ToResult();
        }

        var lastEventId = request.Headers["Last-Event-ID"].ToString();
        return feeds.Answer(feeds.Events(new EventWish(twinId, parsed, wanted), lastEventId));
    }
}
