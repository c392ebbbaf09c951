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
            await grains.GetGrain<IFleetGrain>(0).List(after: null, limit: 1).WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy("twins answer");
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"twins did not answer within {Patience.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What it is belongs in the log (the health check service writes it there), not in an open answer.
            return HealthCheckResult.Unhealthy("twins do not answer", exception);
        }
    }
}
