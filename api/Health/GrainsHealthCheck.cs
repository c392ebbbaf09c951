using Microsoft.Extensions.Diagnostics.HealthChecks;
using Twins.Contracts.Fleet;

namespace Twins.Api.Health;

/// <summary>Ready means that a call to a grain, through to the store, comes back.</summary>
/// <param name="grains">The way to the grains.</param>
/// <param name="time">The clock.</param>
internal sealed class GrainsHealthCheck(IGrainFactory grains, TimeProvider time) : IHealthCheck
{
    /// <summary>Below the probe timeouts that orchestrators come with.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grains.GetGrain<IFleetGrain>(0).Check().WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy("twins can be reached");
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"twins could not be reached within {Patience.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What it is belongs in the log (the health check service writes it there), not in an open answer.
            return HealthCheckResult.Unhealthy("twins can not be reached", exception);
        }
    }
}
