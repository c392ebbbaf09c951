using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>Opens the store before anything needs it, so that a store that can not be had is one clear sentence.</summary>
internal sealed class StoreOpening(StoreConnection store) : IHostedService
{
    /// <exception cref="StartupRefusedException">The store can not be had.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => store.Multiplexer();

    /// <summary>The connection closes with the container, behind everything that writes.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
