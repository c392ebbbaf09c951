using Twins.Silo.Fleet;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>
/// Reads the embedded store once after its start: verifies all rows, fills the fleet index, and finds the twins that have something
/// left to do. If the store is damaged, it stops the process.
/// </summary>
internal sealed partial class StoreVerifier(
    IStateStore store,
    TwinStates states,
    FleetFeed fleet,
    LinkTable links,
    Rescue rescue,
    StartupFailure failure,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<StoreVerifier> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.VerifyAsync(stoppingToken) is not { } pages)
        {
            return;
        }

        try
        {
            var unfinished = new List<string>();
            await foreach (var page in pages)
            {
                var decoded = states.Decode(page);
                await FillAsync(page, decoded);
                unfinished.AddRange(page.Where((_, i) => decoded[i] is { } state && RescueGrain.Needs(state, links.IsGone)).Select(twin => twin.Id));
            }

            rescue.Add(unfinished);
            await CompleteAsync(stoppingToken);
        }
        catch (StartupRefusedException exception)
        {
            Refused(exception.Message);
            failure.Exception = exception;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>A partition that misses a page reads its shard itself.</summary>
    private async Task FillAsync(StoredTwin[] page, TwinState?[] decoded)
    {
        try
        {
            await fleet.FillAsync(page, decoded);
        }
        catch (Exception exception)
        {
            NotFilled(exception);
        }
    }

    private async Task CompleteAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await fleet.CompleteAsync();
                return;
            }
            catch (Exception exception)
            {
                NotFilled(exception);
                await Task.Delay(RetryDelay, time, stopping);
            }
        }
    }

    [LoggerMessage(LogEvents.IndexNotFilled, LogLevel.Warning, "Failed to pass stored twins to the fleet index; retrying.")]
    private partial void NotFilled(Exception exception);

    [LoggerMessage(LogEvents.StoreRefused, LogLevel.Critical, "Failed to verify the store; stopping: {Reason}")]
    private partial void Refused(string reason);
}
