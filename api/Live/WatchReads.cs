using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Events;
using Twins.Api.Http;
using Twins.Api.Problems;

namespace Twins.Api.Live;

/// <summary><c>GET /twins/watch</c>.</summary>
internal static class WatchReads
{
    /// <summary>The twins that a filter holds for, and how that changes.</summary>
    public static Results<SseResult, ProblemResult> Handle(string? filter, HttpContext context, LiveFeeds feeds) =>
        LiveFilter.TryParse(filter, out var parsed, out var problem)
            ? feeds.Answer(feeds.Watch(parsed, Caller.Of(context)))
            : problem!.ToResult();
}
