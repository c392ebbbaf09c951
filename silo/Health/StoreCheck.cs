using Microsoft.Extensions.Diagnostics.HealthChecks;
using Twins.Silo.Storage;

namespace Twins.Silo.Health;

/// <summary>The store answers.</summary>
/// <param name="store">The way to it.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreCheck(StoreConnection store, TimeProvider time) : IHealthCheck
{
    /// <summary>Below the probe timeouts that orchestrators come with.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await (await store.Database()).PingAsync().WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy("the store answers");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What it is belongs in the log (the health check service writes it there), not in an open answer.
            return HealthCheckResult.Unhealthy(
                exception is TimeoutException ? $"the store did not answer within {Patience.TotalSeconds} s" : "the store does not answer", exception);
        }
    }
}
