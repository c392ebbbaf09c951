using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Live;
using Twins.Api.Problems;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;

namespace Twins.Api.Events;

/// <summary><c>GET /twins/{id}/events</c> and <c>GET /events</c>.</summary>
internal static class EventReads
{
    /// <summary>What happens to one twin; it need not exist yet.</summary>
    public static async Task<Results<SseResult, ProblemResult>> OfTwin(string id, string? filter, string? kinds, HttpRequest request, IGrainFactory grains, LiveFeeds feeds)
    {
        if (!TwinId.TryValidate(id, out var problem))
        {
            return problem!.ToResult();
        }

        return await IsDamaged(grains.Twin(id))
            ? StoreProblems.Of(StoreFault.TwinDamaged).ToResult()
            : Answer(id, filter, kinds, request, feeds);
    }

    /// <summary>What happens to all twins.</summary>
    public static Results<SseResult, ProblemResult> OfAll(string? filter, string? kinds, HttpRequest request, LiveFeeds feeds) =>
        Answer(twinId: null, filter, kinds, request, feeds);

    /// <summary>Nothing happens to a damaged twin. Whatever else is wrong now, the stream tells what happens later.</summary>
    private static async Task<bool> IsDamaged(ITwinGrain twin)
    {
        try
        {
            _ = await twin.Get();
            return false;
        }
        catch (Exception exception)
        {
            return StoreFaults.FaultOf(exception) == StoreFault.TwinDamaged;
        }
    }

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
