using Twins.Api.Http;
using Twins.Api.Swagger;

namespace Twins.Api.DeadLetters;

/// <summary><c>/deadletters</c>.</summary>
internal static class DeadLetterRoutes
{
    private const string Example =
        """
        {"items":[{"id":"01KE0QZJ6E4Q0V7T8M2N5R9XYZ","at":"2026-01-02T03:14:05.678Z","link":"gateway","connection":"demo:pump-1","topic":"twins/demo:pump-1/reported","twinId":"demo:pump-1","problem":{"status":400,"code":"payload-not-json","detail":"payload is not JSON at line 1, byte 9: 'N' is an invalid start of a value; send exactly one JSON value"},"payload":{"bytes":13,"encoding":"utf-8","start":"{\"temp\": NaN}"}}]}
        """;

    /// <summary>Maps the routes of dead letters.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder routes) => routes
        .MapRead("/deadletters", ListDeadLetters.Handle)
        .WithTags(ApiTags.DeadLetters)
        .Describe(
            "ListDeadLetters",
            "List dead letters",
            "Messages of devices that could not be applied, the newest first, each with its reason and the first 1,024 bytes of its payload. They were acknowledged, so that they block nothing; the oldest go when the store holds `Twins:DeadLetters:Capacity` of them.",
            doc => doc
                .With(Parameters.Limit, Parameters.PageCursor)
                .Answers(200, "A page of dead letters; `cursor` is absent on the last.", Example, typeof(DeadLetterList))
                .Fails(400, "parameter-invalid", "limit \"1000\" is out of range; it must be a whole number from 1 to 200 (default 25)")
                .FailsLikeAll());
}
