using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>
/// The web server as the host starts and stops it, but for the order: it listens before anything else starts, so that
/// <c>/health</c> answers while the process waits for its cluster, and it is stopped before anything that requests need
/// (hosted services stop in the reverse of their order, and ASP.NET Core puts its own last).
/// </summary>
/// <param name="server">ASP.NET Core's own service.</param>
/// <param name="time">The clock.</param>
internal sealed class FrontDoor(IHostedService server, TimeProvider time) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no new requests and returns when those under way are answered, or broken off after <see cref="Shutdown.Requests"/>.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Shutdown.Requests, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await server.StopAsync(either.Token);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
