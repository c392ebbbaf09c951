using Microsoft.Extensions.Diagnostics.HealthChecks;
using Twins.Contracts.Storage;
using Twins.Silo.Storage;

namespace Twins.Silo.Health;

/// <summary>The store takes writes, keeps them and was verified. It asks nobody: <see cref="StoreProbe"/> writes once a second.</summary>
internal sealed class StoreCheck(IStateStore store, StoreHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        (health.Fault ?? health.NotDurable) is { } fault ? HealthCheckResult.Unhealthy($"{fault.Fault.Code()}: {fault.Message}")
        : !store.IsVerified ? HealthCheckResult.Unhealthy($"{StoreFault.Verifying.Code()}: the stored rows are being verified")
        : HealthCheckResult.Healthy("the store takes writes"));
}
