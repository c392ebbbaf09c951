using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime.Placement;
using Twins.Contracts.Fleet;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet.Index;

/// <summary>A part of the fleet index. All its work is short turns, so that what changes comes in between questions.</summary>
[GrainType(TypeName)]
[Reentrant]
[KeepAlive]
[RandomPlacement] // For silos of the release before; see PartitionPlacementResolver.
internal sealed partial class FleetPartitionGrain(
    IStateStore store,
    TwinStates states,
    ScanGate gate,
    QueryTurns turns,
    Questions questions,
    LocalPartitions local,
    TwinWaker waker,
    ILocalSiloDetails silo,
    TwinsMetrics metrics,
    IOptions<TwinsOptions> options,
    TimeProvider time,
    ILogger<FleetPartitionGrain> logger)
    : Grain, IFleetPartitionGrain
{
    public const string TypeName = "fleetpartition";

    private readonly FleetTable _table = new(time);

    private long _countedTwins;
    private long _countedBytes;

    /// <summary>The activation ends.</summary>
    private bool _left;

    /// <summary>Twins that <see cref="Fill"/> brought.</summary>
    private long _filled;

    /// <summary>The shard was read once as a whole.</summary>
    private bool _ready;

    private int Shard => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Before the store is verified it reads all shards itself, once, and calls Fill. Callers get the progress.
        if (store.IsVerified)
        {
            BeginToRead();
        }

        BeginToSweep();
        local.Enter(Shard, this);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Measure(twins: 0, bytes: 0);
        _left = true;
        local.Leave(Shard, this);
        return Task.CompletedTask;
    }

    public Task Update(IndexedTwin[] twins)
    {
        foreach (var twin in twins)
        {
            Take(twin);
        }

        return Task.CompletedTask;
    }

    public Task Fill(IndexedTwin[] twins)
    {
        _filled += twins.Length;
        return Update(twins);
    }

    public Task Complete(long twins)
    {
        if (_filled == twins)
        {
            _ready = true;
            Measure(_table.Count, _table.Bytes);
        }
        else if (!_ready)
        {
            BeginToRead();
        }

        return Task.CompletedTask;
    }

    public async Task CatchUp(RevisionToken[] tokens)
    {
        var missing = Array.FindAll(tokens, token => _table.RevisionOf(token.TwinId) < token.Revision);
        if (missing.Length > 0)
        {
            // It is in the store, or nobody would have been given the token; so nobody has to wait for it to come.
            await Read([.. missing.Select(token => token.TwinId)]);
        }
    }

    public async Task<FoundTwin[]?> Find(FleetQuery query) => !_ready ? null
        : await turns.Run(query, () => _table.Find(questions.FilterOf(query), Questions.SortOf(query), query.After, query.Limit, query.Now));

    public async Task<int?> Count(FleetQuery query) => !_ready ? null
        : await turns.Run(query, () => _table.CountOf(questions.FilterOf(query), query.Now));

    public async Task<FleetGroups?> Aggregate(FleetAggregation aggregation)
    {
        if (!_ready)
        {
            return null;
        }

        var (query, (group, measures)) = (aggregation.Query, Questions.GroupsOf(aggregation));
        return new FleetGroups(
            await turns.Run(query, () => _table.Aggregate(questions.FilterOf(query), group, measures, FleetGroups.MaxGroups, query.Now)));
    }

    public Task<PartitionProgress> Progress() => Task.FromResult(new PartitionProgress(_ready, _table.Count, silo.SiloAddress));

    public Task Move(SiloAddress address)
    {
        if (!silo.SiloAddress.Equals(address))
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, address);
            MigrateOnIdle();
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }

        return Task.CompletedTask;
    }

    private void Measure(long twins, long bytes)
    {
        if (_left)
        {
            return;
        }

        metrics.Indexed(twins - _countedTwins, bytes - _countedBytes);
        (_countedTwins, _countedBytes) = (twins, bytes);
    }

    /// <summary>One twin that nobody has foreseen must not keep the others out.</summary>
    private void Take(IndexedTwin twin)
    {
        try
        {
            _table.Put(twin);
        }
        catch (Exception exception)
        {
            TwinNotTaken(exception, twin.Id);
        }
    }

    [LoggerMessage(LogEvents.IndexTwinNotTaken, LogLevel.Error, "The fleet index could not take in twin {TwinId}; queries answer as if it had not changed.")]
    private partial void TwinNotTaken(Exception exception, string twinId);
}
