using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>
/// Writes about once a second if nothing else is written, so that health and links know within two seconds that the store does not
/// take writes, and that it does again. Nothing that callers ask waits for it.
/// </summary>
internal sealed partial class StoreProbe(IStateStore store, StoreHealth health, TimeProvider time, ILogger<StoreProbe> logger) : BackgroundService
{
    /// <summary>How often it looks whether something else was written. Two looks, the quiet time and the timeout are two seconds.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>It writes if nothing was written for this long.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(600);

    /// <summary>A write that takes longer is taken for one that fails.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        Task? pending = null;
        var written = time.GetTimestamp() - time.TimestampFrequency;
        try
        {
            do
            {
                if (health.TakeWritten())
                {
                    written = time.GetTimestamp();
                    Note(null);
                }
                else if (time.GetElapsedTime(written) >= QuietTime)
                {
                    // One that still waits is enough.
                    pending = pending is null or { IsCompleted: true } ? CheckAsync() : pending;
                    Note(await ResultOfAsync(pending, stoppingToken));
                    written = time.GetTimestamp();
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task CheckAsync() => await store.CheckWritableAsync();

    private async Task<StoreException?> ResultOfAsync(Task check, CancellationToken stopping)
    {
        try
        {
            await check.WaitAsync(WriteTimeout, time, stopping);
            return null;
        }
        catch (StoreException exception)
        {
            return exception;
        }
        catch (TimeoutException exception)
        {
            // What is known already says more.
            return health.Fault ?? new StoreException(StoreFault.Unreachable, $"a write was not done within {WriteTimeout.TotalSeconds} s", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new StoreException(StoreFault.Failed, exception.Message, exception);
        }
    }

    private void Note(StoreException? fault)
    {
        if (!health.Set(fault))
        {
            return;
        }

        if (fault is null)
        {
            Available();
        }
        else
        {
            Unavailable(fault.Fault.Code(), fault.Message);
        }
    }

    [LoggerMessage(LogEvents.StoreUnavailable, LogLevel.Error, "Failed to write to the store ({Code}): {Reason}. Nothing is acknowledged; retrying about every second.")]
    private partial void Unavailable(string code, string reason);

    [LoggerMessage(LogEvents.StoreAvailable, LogLevel.Information, "The store takes writes again.")]
    private partial void Available();
}
