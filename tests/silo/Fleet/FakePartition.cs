using System.Collections.Concurrent;
using System.Diagnostics;
using Twins.Contracts.Fleet;
using Twins.Silo.Fleet.Index;

namespace Twins.Silo.Tests.Fleet;

/// <summary>A partition that only notes what it is told.</summary>
internal sealed class FakePartition : IFleetPartitionGrain
{
    private readonly ConcurrentQueue<string> _taken = new();
    private int _calls;
    private int _readAgainCalls;
    private int _progressCalls;

    /// <summary>What each call that it took was about.</summary>
    public ConcurrentQueue<IndexedTwin[]> Parts { get; } = new();

    /// <summary>What came along with the last call.</summary>
    public (Activity? Activity, object? Request) Context { get; private set; }

    /// <summary>How many of the next calls fail.</summary>
    public volatile int Failures;

    /// <summary>What it was told, as <c>id@revision</c>.</summary>
    public IReadOnlyCollection<string> Taken => _taken;

    public int Calls => _calls;

    public int ReadAgainCalls => _readAgainCalls;

    public Task Update(IndexedTwin[] twins)
    {
        Interlocked.Increment(ref _calls);
        if (Failures > 0)
        {
            Failures--;
            throw new TimeoutException("not now");
        }

        Context = (Activity.Current, RequestContext.Get("request"));
        Parts.Enqueue(twins);
        foreach (var twin in twins)
        {
            _taken.Enqueue($"{twin.Id}@{twin.Revision}");
        }

        return Task.CompletedTask;
    }

    public Task Fill(IndexedTwin[] twins) => throw new NotSupportedException();

    public Task Complete(long twins) => throw new NotSupportedException();

    public Task ReadAgain(string reason)
    {
        Interlocked.Increment(ref _readAgainCalls);
        return Task.CompletedTask;
    }

    public Task CatchUp(RevisionToken[] tokens) => throw new NotSupportedException();

    public Task<FoundTwin[]?> Find(FleetQuery query) => throw new NotSupportedException();

    public Task<int?> Count(FleetQuery query) => throw new NotSupportedException();

    public Task<FleetGroups?> Aggregate(FleetAggregation aggregation) => throw new NotSupportedException();

    /// <summary>How far it says that it is.</summary>
    public PartitionProgress? Progressing { get; set; }

    public int ProgressCalls => _progressCalls;

    /// <summary>Where it was sent.</summary>
    public SiloAddress? MovedTo { get; private set; }

    public Task<PartitionProgress> Progress()
    {
        Interlocked.Increment(ref _progressCalls);
        return Task.FromResult(Progressing ?? throw new NotSupportedException());
    }

    public Task Move(SiloAddress silo)
    {
        MovedTo = silo;
        return Task.CompletedTask;
    }
}
