using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Health;

/// <summary><c>GET /health/live</c> and <c>/health/ready</c>.</summary>
internal static class HealthReads
{
    /// <summary>The process runs and answers. It asks nobody: a store that is down is no reason to restart it.</summary>
    public static Ok<HealthResource> Live() =>
        TypedResults.Ok(new HealthResource("healthy", new Dictionary<string, string>(StringComparer.Ordinal)));

    /// <summary>All checks tagged <see cref="GrainsHealthCheck.ReadyTag"/> hold, or 503.</summary>
    public static async Task<Results<Ok<HealthResource>, ProblemResult>> Ready(HealthCheckService checks, HttpContext http)
    {
        var report = await checks.CheckHealthAsync(check => check.Tags.Contains(GrainsHealthCheck.ReadyTag), http.RequestAborted);
        var found = report.Entries.ToDictionary(
            entry => entry.Key, entry => entry.Value.Description ?? Name(entry.Value.Status), StringComparer.Ordinal);
        if (report.Status != HealthStatus.Unhealthy)
        {
            return TypedResults.Ok(new HealthResource(Name(report.Status), found));
        }

        var failed = report.Entries
            .Where(entry => entry.Value.Status == HealthStatus.Unhealthy)
            .Select(entry => $"{entry.Key}: {found[entry.Key]}");
        return new Problem(StatusCodes.Status503ServiceUnavailable, "not-ready", "not ready: " + string.Join("; ", failed)).ToResult();
    }

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
