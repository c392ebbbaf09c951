using Twins.Silo.Membership;

namespace Twins.Silo.Twins;

/// <summary>
/// Has all twins looked over when a silo has gone, and when a silo starts that is alone: what was before it may have
/// ended without a word. Every silo sees to it that it is done; one does it.
/// </summary>
internal sealed partial class Rescue(IGrainFactory grains, SiloEnds ends, ILocalSiloDetails silo, ISiloStatusOracle silos, TimeProvider time, ILogger<Rescue> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A silo that starts has other things to do first, and its devices come back.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ends.Watch();
        try
        {
            await Task.Delay(AfterStart, time, stoppingToken);
            if (silos.GetApproximateSiloStatuses(onlyActive: true).Count == 1)
            {
                ends.Add($"the start of silo {silo.SiloAddress.ToParsableString()}");
            }

            while (true)
            {
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

    [LoggerMessage(LogEvents.RescueNotAsked, LogLevel.Debug, "It could not be asked whether twins are looked after after {Reason}; it is asked again.")]
    private partial void NotAsked(Exception exception, string reason);
}
