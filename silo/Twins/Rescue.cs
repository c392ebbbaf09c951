using System.Collections.Concurrent;
using Twins.Silo.Membership;
using Twins.Silo.Storage;

namespace Twins.Silo.Twins;

/// <summary>
/// Has all twins looked over when a silo has gone, and when a silo starts that is alone: what was before it may have
/// ended without a word. Every silo sees to it that it is done; one does it.
/// </summary>
internal sealed partial class Rescue(
    IGrainFactory grains, TwinWaker waker, SiloEnds ends, ILocalSiloDetails silo, ISiloStatusOracle silos, IStateStore store, TimeProvider time, ILogger<Rescue> logger)
    : BackgroundService
{
    /// <summary>The store was read after the start of this silo, and these twins have something left to do.</summary>
    private readonly ConcurrentQueue<List<string>> _unfinished = new();

    /// <summary>The store reads itself once after its start, so the start of this silo needs no other look.</summary>
    private readonly bool _told = !store.IsVerified;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A silo that starts has other things to do first, and its devices come back.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ends.Watch();
        try
        {
            await Task.Delay(AfterStart, time, stoppingToken);
            if (!_told && silos.GetApproximateSiloStatuses(onlyActive: true).Count == 1)
            {
                ends.Add($"the start of silo {silo.SiloAddress.ToParsableString()}");
            }

            while (true)
            {
                while (_unfinished.TryDequeue(out var ids))
                {
                    await WakeAsync(ids, stoppingToken);
                }

                foreach (var reason in ends.Due)
                {
                    await SeeTo(reason);
                }

                await Task.Delay(LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops; another sees to it.
        }
    }

    /// <summary>Has these twins woken, some seconds after the start.</summary>
    public void Add(List<string> unfinished) => _unfinished.Enqueue(unfinished);

    private async Task WakeAsync(List<string> ids, CancellationToken stopping)
    {
        foreach (var page in ids.Chunk(TwinWaker.PageSize))
        {
            try
            {
                await waker.WakeAsync(page);
            }
            catch (Exception exception)
            {
                stopping.ThrowIfCancellationRequested();
                NotWoken(exception, page.Length);
                await Task.Delay(LookEvery, time, stopping);
                _unfinished.Enqueue([.. page]);
            }
        }
    }

    private async Task SeeTo(string reason)
    {
        try
        {
            if (await grains.GetGrain<IRescueGrain>(reason).Done())
            {
                ends.Done(reason);
            }
        }
        catch (Exception exception)
        {
            NotAsked(exception, reason);
        }
    }

    [LoggerMessage(LogEvents.RescueNotWoken, LogLevel.Debug, "Failed to wake {Count} twins that have something left to do; retrying.")]
    private partial void NotWoken(Exception exception, int count);

    [LoggerMessage(LogEvents.RescueNotAsked, LogLevel.Debug, "It could not be asked whether twins are looked after after {Reason}; it is asked again.")]
    private partial void NotAsked(Exception exception, string reason);
}
