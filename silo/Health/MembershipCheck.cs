using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Twins.Silo.Health;

/// <summary>This silo is an active member of its cluster, as far as it knows.</summary>
/// <param name="silos">The members.</param>
internal sealed class MembershipCheck(ISiloStatusOracle silos) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silos.CurrentStatus switch
        {
            SiloStatus.Active => HealthCheckResult.Healthy("active"),
            var status => HealthCheckResult.Unhealthy($"this silo is not active ({status})"),
        });
}
