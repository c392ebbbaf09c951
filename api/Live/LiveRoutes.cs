using System.Net.WebSockets;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Api.Swagger;

namespace Twins.Api.Live;

/// <summary><c>/twins/watch</c> and <c>/live</c>.</summary>
internal static class LiveRoutes
{
    private const string HowWatchesWork =
        """
        A question that stays asked. An endless `text/event-stream`: a `member` for every twin that the filter holds for, with its document, then `ready` with their `count`, and from then on `entered`, `changed` and `left` as twins come to match, change, or cease to (`reason`: `changed`, `deleted`, or `time` where nothing but time has passed). What happens while members are told may come between them. Each is told once, by its revision.

        Filters that time alone makes hold or not (`time:now-15m`, `stale`) are asked again every 5 s. After a `reset` (see `reason`: `slow-reader`, `source-gap`) forget the members: they are told anew. `Last-Event-ID` is not looked at: who comes back is told all members. One watch follows at most 10,000 twins (`Twins:Api:WatchMembers`); where more come to match, a `problem` ends it.

        This page shows what comes within five seconds; use `curl -N` or an `EventSource` for more.
        """;

    private const string HowSocketsWork =
        """
        A WebSocket with up to 64 subscriptions, the same as `GET /events` and `GET /twins/watch` have. Frames are JSON texts. The client sends (16 KiB at most, names of 64 characters at most):

        * `{"subscribe":"a","to":"events","filter":"…","twin":"…","kinds":"changed,online","lastEventId":"…"}`, all but the first two optional
        * `{"subscribe":"b","to":"watch","filter":"…"}`
        * `{"unsubscribe":"a"}`

        The server sends `{"subscription":"a","event":"…","id":"…","data":{…}}`: first `subscribed`, then what the stream would have as `event` and `data`; a last `unsubscribed`, or a `problem` with problem details as `data`. Where events of others went by for 15 s, a `position` says so by its `id`, which is good for `lastEventId`. What is wrong with a frame is a `problem` too, and the connection goes on.

        Pages of another origin than the server's can not open it. This page can not either; see docs/live.md.
        """;

    /// <summary>Maps them.</summary>
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/twins/watch", WatchReads.Handle).WithTags(ApiTags.Events).Describe(
            "WatchQuery",
            "Watch which twins match a filter",
            HowWatchesWork,
            doc => doc
                .With(Parameters.LiveFilter)
                .Streams("The stream.", Examples.Watch)
                .Fails(400, "watch-too-large", "48211 twins match the filter, and one watch follows 10000 at most; narrow the filter, or raise Twins:Api:WatchMembers")
                .FailsOnManyQueries()
                .FailsLikeAll());

        // RFC 8441: over HTTP/2 a WebSocket begins with CONNECT, which OpenAPI has no word for.
        routes.MapMethods("/live", [HttpMethods.Connect], Handle).ExcludeFromDescription();
        routes.MapGet("/live", Handle).WithTags(ApiTags.Events).Describe(
            "OpenLive",
            "Several subscriptions over a WebSocket",
            HowSocketsWork,
            doc => doc
                .Answers(101, "The connection is a WebSocket now.")
                .Fails(403, "origin-refused", "pages of https://elsewhere.example may not open it; a page must come from twins.example itself, or its origin must be in Twins:Api:CorsOrigins")
                .Fails(426, "not-a-websocket", "this address is for WebSockets (RFC 6455); use GET /events or GET /twins/watch over plain HTTP"));
    }

    private static async Task Handle(HttpContext context, LiveFeeds feeds, ILogger<LiveSocket> logger)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await LiveProblems.NoSocket().ToResult().ExecuteAsync(context);
            return;
        }

        // Browsers let any page open a WebSocket anywhere; where everybody on this machine may read, that would be any page.
        if (!context.RequestServices.GetRequiredService<Origins>().AllowsSocket(context.Request))
        {
            await LiveProblems.OtherOrigin(context.Request.Headers.Origin.ToString(), context.Request.Host.Value ?? "").ToResult().ExecuteAsync(context);
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var live = new LiveSocket(socket, feeds, Caller.Of(context), logger, context.RequestAborted);
        await live.Run();
    }
}
