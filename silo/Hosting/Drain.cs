using Microsoft.Extensions.Options;

namespace Twins.Silo.Hosting;

/// <summary>
/// The time between the first word of the end and the end: the readiness tells it already, and whoever distributes
/// requests and connections looks and sends them elsewhere. Everything works meanwhile.
/// </summary>
/// <param name="options">How long.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Drain(IOptions<TwinsOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any service of the host is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var drain = Shutdown.Drain(options.Value);
        if (drain > TimeSpan.Zero)
        {
            Draining(drain.TotalSeconds);
            await Task.Delay(drain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogEvents.Draining, LogLevel.Information, "Stopping: not ready any more; all goes on for {Seconds} s, so that others notice.")]
    private partial void Draining(double seconds);
}
