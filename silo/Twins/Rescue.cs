using System.Collections.Concurrent;

namespace Twins.Silo.Twins;

/// <summary>
/// Has all twins looked over when a silo has gone, and when a silo starts that is alone: what was before it may have
/// ended without a word. Every silo sees to it that it is done; one does it.
/// </summary>
internal sealed partial class Rescue(IGrainFactory grains, ILocalSiloDetails silo, ISiloStatusOracle silos, TimeProvider time, ILogger<Rescue> logger)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A silo that starts has other things to do first, and its devices come back.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, bool> _alive = new();
    private readonly ConcurrentDictionary<string, bool> _due = new(StringComparer.Ordinal);

    /// <summary>One that was there when this silo came is gone; the ends of others are in the membership table for days.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
        {
            _alive[updatedSilo] = true;
        }
        else if (_alive.TryRemove(updatedSilo, out _) && !updatedSilo.Equals(silo.SiloAddress))
        {
            _due[$"the end of silo {updatedSilo.ToParsableString()}"] = true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        foreach (var (address, status) in silos.GetApproximateSiloStatuses())
        {
            SiloStatusChangeNotification(address, status);
        }

        try
        {
            await Task.Delay(AfterStart, time, stoppingToken);
            if (silos.GetApproximateSiloStatuses(onlyActive: true).Count == 1)
            {
                _due[$"the start of silo {silo.SiloAddress.ToParsableString()}"] = true;
            }

            while (true)
            {
                foreach (var reason in _due.Keys)
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

    private async Task SeeTo(string reason)
    {
        try
        {
            if (await grains.GetGrain<IRescueGrain>(reason).Done())
            {
                _due.TryRemove(reason, out _);
            }
        }
        catch (Exception exception)
        {
            NotAsked(exception, reason);
        }
    }

    [LoggerMessage(LogEvents.RescueNotAsked, LogLevel.Debug, "It could not be asked whether twins are looked after after {Reason}; it is asked again.")]
    private partial void NotAsked(Exception exception, string reason);
}
