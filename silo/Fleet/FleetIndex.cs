using System.Collections.Concurrent;
using Twins.Silo.Fleet.Index;

namespace Twins.Silo.Fleet;

/// <summary>
/// Sees to the partitions of the index: has them read their shards as soon as a silo is there, and again when a silo has gone, which
/// may not have told all that it had made durable; and has them spread over the silos.
/// </summary>
internal sealed partial class FleetIndex(FleetPartitions partitions, FleetFeed feed, ILocalSiloDetails silo, ISiloStatusOracle silos, TimeProvider time, ILogger<FleetIndex> logger)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Silos come and go in groups when a cluster starts or is updated: nothing moves before that is over.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    /// <summary>Behind it, what the index was not told is found by reading again.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SiloAddress, bool> _alive = new();
    private readonly ConcurrentDictionary<string, bool> _due = new(StringComparer.Ordinal);
    private long _changedAt = time.GetTimestamp();
    private bool _moved;

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

        Interlocked.Exchange(ref _changedAt, time.GetTimestamp());
        Volatile.Write(ref _moved, false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await feed.Emptied().WaitAsync(LastWords, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            while (true)
            {
                await Look();
                await Task.Delay(LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Look()
    {
        try
        {
            // Whoever is asked wakes, wherever that is to be.
            var progress = await partitions.Ask(partition => partition.Progress());
            foreach (var reason in _due.Keys)
            {
                await Task.WhenAll(partitions.All.Select(partition => partition.ReadAgain(reason)));
                _due.TryRemove(reason, out _);
            }

            if (!Volatile.Read(ref _moved) && time.GetElapsedTime(Interlocked.Read(ref _changedAt)) > Settled)
            {
                await MoveOne(progress);
            }
        }
        catch (Exception exception)
        {
            // One of them is on a silo that has just gone, say. It is looked again in a second.
            LookFailed(exception);
        }
    }

    /// <summary>
    /// Sends away one partition of those that this silo holds and another should, when all are complete: one at a time, so that
    /// questions wait for one that is small rather than for many.
    /// </summary>
    private async Task MoveOne(PartitionProgress[] progress)
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.ToArray();
        var astray = Enumerable.Range(0, progress.Length)
            .Where(shard => !progress[shard].Silo.Equals(HomeOf(shard, active)))
            .ToArray();
        if (astray.Length == 0)
        {
            Volatile.Write(ref _moved, true);
        }
        else if (Array.TrueForAll(progress, partition => partition.Ready) && progress[astray[0]].Silo.Equals(silo.SiloAddress))
        {
            await partitions.All[astray[0]].Move(HomeOf(astray[0], active));
        }
    }

    /// <summary>
    /// Where a partition belongs: partitions are dealt out in turns to the silos in an order that all know, so that each gets as many
    /// as the next.
    /// </summary>
    private static SiloAddress HomeOf(int shard, SiloAddress[] active)
    {
        Array.Sort(active);
        return active[shard % active.Length];
    }

    [LoggerMessage(LogEvents.IndexLookFailed, LogLevel.Debug, "Not all partitions of the fleet index could be asked how far they are; they are asked again.")]
    private partial void LookFailed(Exception exception);
}
