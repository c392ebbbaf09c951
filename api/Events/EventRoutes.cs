using Twins.Api.Swagger;

namespace Twins.Api.Events;

/// <summary><c>/events</c> and <c>/twins/{id}/events</c>.</summary>
internal static class EventRoutes
{
    private const string HowItWorks =
        """
        An endless `text/event-stream`. Each event's `data` is a CloudEvents 1.0 object; `event` is its kind: `created`, `changed`, `deleted`, `online`, `offline` or `command`. Events are told at least once and per twin in order; the same event told again has the same `id` in its CloudEvent.

        With a `filter`, only events after which it holds for the twin's document. So the event with which a twin ceases to match is not told; `GET /twins/watch` tells it.

        A client that comes back with `Last-Event-ID` gets what it missed. Where that is not possible any more, where it reads slower than events happen (1,000 wait for it, or 8 MiB of them), or where the server itself could not listen for a while, the next event is a `reset`: read again what you follow, then go on. Where nothing came for 15 s a comment does, so that a dead connection is noticed, with the `id` of where the stream stands now.

        This page shows what comes within five seconds; use `curl -N` or an `EventSource` for more.
        """;

    /// <summary>Maps the routes of live events.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/twins/{id}/events", EventReads.OfTwin).WithTags(ApiTags.Events).Describe(
            "WatchTwin",
            "Watch a twin",
            "What happens to one twin, as it happens; the twin need not be there yet.\n\n" + HowItWorks,
            doc => doc
                .With(Parameters.TwinId, Parameters.LiveFilter, Parameters.Kinds, Parameters.LastEventId)
                .Streams("The stream.", Examples.Events)
                .FailsOnBadId()
                .Fails(503, "twin-damaged", "the stored row of this twin is damaged; delete the twin, or restore a backup"));
        routes.MapGet("/events", EventReads.OfAll).WithTags(ApiTags.Events).Describe(
            "WatchTwins",
            "Watch all twins",
            "What happens to all twins, as it happens.\n\n" + HowItWorks,
            doc => doc
                .With(Parameters.LiveFilter, Parameters.Kinds, Parameters.LastEventId)
                .Streams("The stream.", Examples.Events)
                .Fails(400, "parameter-invalid", "kinds \"chaged\" is not understood; it must be some of created, changed, deleted, online, offline, command, with commas between them"));
    }
}
