using Twins.Silo.Fleet.Index;
using Twins.Silo.Membership;

namespace Twins.Silo.Fleet;

/// <summary>
/// Has the partitions of the index read their shards as soon as a silo is there, and again when a silo has gone, which may not have
/// told all that it had made durable; and moves them to their homes when silos have come or gone. When all are complete and at home,
/// nobody is asked until something changes.
/// </summary>
internal sealed partial class FleetIndex(
    FleetPartitions partitions, LocalPartitions local, SiloEnds ends, ILocalSiloDetails silo, ISiloStatusOracle silos, TimeProvider time, ILogger<FleetIndex> logger)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Silos come and go in groups when a cluster starts or is updated: nothing moves before that is over.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    /// <summary>Partitions that were sent away since silos came or went: where they do not get to, they stay.</summary>
    private readonly HashSet<int> _sent = [];

    /// <summary>Completes when something has changed since the last look.</summary>
    private TaskCompletionSource _changed = new();

    private SiloAddress[] _active = [];
    private long _changedAt;

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => Changed(this, EventArgs.Empty);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ends.Added += Changed;
        local.Left += Changed;
        silos.SubscribeToSiloStatusEvents(this);
        ends.Watch();
        try
        {
            while (true)
            {
                var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _changed, changed);
                await (await Look() ? changed.Task.WaitAsync(stoppingToken) : Task.Delay(LookEvery, time, stoppingToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
        finally
        {
            ends.Added -= Changed;
            local.Left -= Changed;
            silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    private void Changed(object? sender, EventArgs args) => Volatile.Read(ref _changed).TrySetResult();

    /// <summary>Does what is due; returns whether nothing is left to do until something changes.</summary>
    private async Task<bool> Look()
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
            return IsSettled() & Array.TrueForAll(progress, partition => partition.Ready) && !await MoveOne();
        }
        catch (Exception exception)
        {
            // One of them is on a silo that has just gone, say. It is looked again in a second.
            LookFailed(exception);
            return false;
        }
    }

    /// <summary>
    /// Sends away one partition of those that this silo holds and another should: questions wait for one that is small rather than for
    /// many. Returns false if there is none.
    /// </summary>
    private async Task<bool> MoveOne()
    {
        foreach (var shard in local.Shards.Order())
        {
            var home = PartitionPlacementDirector.HomeOf(shard, _active);
            if (!home.Equals(silo.SiloAddress) && _sent.Add(shard))
            {
                await partitions.All[shard].Move(home);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the same silos have been there for a while.</summary>
    private bool IsSettled()
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
        if (!active.SequenceEqual(_active))
        {
            (_active, _changedAt) = (active, time.GetTimestamp());
            _sent.Clear();
        }

        // A single silo has nothing to move.
        return active.Length == 1 || time.GetElapsedTime(_changedAt) > Settled;
    }

    [LoggerMessage(LogEvents.IndexLookFailed, LogLevel.Debug, "Not all partitions of the fleet index could be asked how far they are; they are asked again.")]
    private partial void LookFailed(Exception exception);
}
