using Twins.Silo.Fleet.Index;
using Twins.Silo.Membership;

namespace Twins.Silo.Fleet;

/// <summary>
/// Sees to the partitions of the index: has them read their shards as soon as a silo is there, and again when a silo has gone, which
/// may not have told all that it had made durable; and has them spread over the silos.
/// </summary>
internal sealed partial class FleetIndex(FleetPartitions partitions, SiloEnds ends, ILocalSiloDetails silo, ISiloStatusOracle silos, TimeProvider time, ILogger<FleetIndex> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Silos come and go in groups when a cluster starts or is updated: nothing moves before that is over.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    /// <summary>Partitions that were sent away since silos came or went: where they do not get to, they stay.</summary>
    private readonly HashSet<int> _sent = [];

    private SiloAddress[] _active = [];
    private long _changedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ends.Watch();
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
            foreach (var reason in ends.Due)
            {
                await Task.WhenAll(partitions.All.Select(partition => partition.ReadAgain(reason)));
                ends.Done(reason);
            }

            // Whoever is asked wakes, wherever that is to be.
            var progress = await partitions.Ask(partition => partition.Progress());
            if (IsSettled())
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
    /// Sends away one partition of those that this silo holds and another should, when all are complete: questions wait for one that is
    /// small rather than for many.
    /// </summary>
    private async Task MoveOne(PartitionProgress[] progress)
    {
        var astray = Enumerable.Range(0, progress.Length)
            .Where(shard => progress[shard].Silo.Equals(silo.SiloAddress) && !HomeOf(shard).Equals(silo.SiloAddress) && !_sent.Contains(shard))
            .ToArray();
        if (astray.Length > 0 && Array.TrueForAll(progress, partition => partition.Ready))
        {
            _sent.Add(astray[0]);
            await partitions.All[astray[0]].Move(HomeOf(astray[0]));
        }
    }

    /// <summary>
    /// Where a partition belongs: partitions are dealt out in turns to the silos in an order that all know, so that each gets as many
    /// as the next.
    /// </summary>
    private SiloAddress HomeOf(int shard) => _active[shard % _active.Length];

    /// <summary>Whether the same silos have been there for a while.</summary>
    private bool IsSettled()
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
        if (!active.SequenceEqual(_active))
        {
            (_active, _changedAt) = (active, time.GetTimestamp());
            _sent.Clear();
        }

        return time.GetElapsedTime(_changedAt) > Settled;
    }

    [LoggerMessage(LogEvents.IndexLookFailed, LogLevel.Debug, "Not all partitions of the fleet index could be asked how far they are; they are asked again.")]
    private partial void LookFailed(Exception exception);
}
