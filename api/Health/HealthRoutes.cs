using Twins.Api.Http;
using Twins.Api.Swagger;

namespace Twins.Api.Health;

/// <summary><c>/health</c>.</summary>
internal static class HealthRoutes
{
    /// <summary>Maps the routes of health.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags(ApiTags.Health);
        health.MapRead("/live", HealthReads.Live).Describe(
            "GetLiveness",
            "Is the process alive?",
            "200 as long as the process answers at all. It asks nobody: a store that is down is no reason to restart it.",
            doc => doc.Answers(200, "Alive.", """{"status":"healthy","checks":{}}""", typeof(HealthResource)));
        health.MapRead("/ready", HealthReads.Ready).Describe(
            "GetReadiness",
            "Can it take requests?",
            "200 while a call to the twins comes back within 2 s, and an embedded silo is an active member that reaches its store. Else 503, with the code `starting`, `not-ready` or, from the first moment of a shutdown, `draining`: send requests elsewhere meanwhile. `links` shows the broker links of the process, if it has any; a link that is down does not change the status.",
            doc => doc
                .Answers(200, "Ready.", """{"status":"healthy","checks":{"twins":"twins can be reached"}}""", typeof(HealthResource))
                .Fails(503, "not-ready", "not ready: twins: twins could not be reached within 2 s", "Retry-After"));
    }
}
