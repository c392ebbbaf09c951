using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Problems;
using Twins.Silo.Health;

namespace Twins.Api.Health;

/// <summary><c>GET /health/live</c> and <c>/health/ready</c>.</summary>
internal static class HealthReads
{
    private const string Healthy = "healthy";

    /// <summary>The process runs and answers. It asks nobody: a store that is down is no reason to restart it.</summary>
    public static Ok<HealthResource> Live() =>
        TypedResults.Ok(new HealthResource(Healthy, new Dictionary<string, string>(StringComparer.Ordinal)));

    /// <summary>The process may be sent requests, or 503.</summary>
    public static async Task<Results<Ok<HealthResource>, ProblemResult>> Ready(Readiness readiness, HttpContext http)
    {
        var report = await readiness.Look(http.RequestAborted);
        return report.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(new HealthResource(Healthy, report.Checks) { Links = report.Links.Count > 0 ? report.Links : null });
    }
}
