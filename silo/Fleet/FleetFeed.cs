using Microsoft.Extensions.Options;
using Twins.Silo.Fleet.Index;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet;

/// <summary>
/// The way from the twins of this silo to the fleet index, wherever its partitions are. A twin says what has become durable and goes
/// on; nobody waits for the index.
/// </summary>
internal sealed class FleetFeed
{
    private readonly FeedLane[] _lanes;
    private readonly FleetPartitions _partitions;
    private readonly long[] _filled = new long[FleetPartitions.Count];

    public FleetFeed(FleetPartitions partitions, IOptions<TwinsOptions> options, TwinsMetrics metrics, TimeProvider time, ILogger<FleetFeed> logger)
    {
        _partitions = partitions;
        _lanes = options.Value.Fleet.Index
            ? [.. partitions.All.Select((partition, shard) => new FeedLane(partition, shard, metrics, time, logger))]
            : [];
        metrics.Gauge("twins.fleet.waiting", "{twin}", "Changed twins that the fleet index was not told of yet.", () => _lanes.Sum(lane => (long)lane.Waiting));
    }

    /// <summary>Passes on a page of what the store reads once after its start.</summary>
    /// <param name="twins">The page.</param>
    /// <param name="states">Their states; null for those that cannot be read. These, and deleted twins, are left out.</param>
    public async Task FillAsync(StoredTwin[] twins, TwinState?[] states)
    {
        if (_lanes.Length == 0)
        {
            return;
        }

        var readable = twins.Zip(states)
            .Where(pair => pair.Second is { Exists: true })
            .Select(pair => IndexedTwin.Of(pair.First.Id, pair.Second!))
            .GroupBy(twin => TwinShards.Of(twin.Id));
        foreach (var shard in readable)
        {
            IndexedTwin[] page = [.. shard];
            _filled[shard.Key] += page.Length;
            await _partitions.All[shard.Key].Fill(page);
        }
    }

    /// <summary>Says that all pages were passed on.</summary>
    public Task CompleteAsync() => _lanes.Length == 0
        ? Task.CompletedTask
        : Task.WhenAll(_partitions.All.Select((partition, shard) => partition.Complete(_filled[shard])));

    /// <summary>Stops all updates of the index.</summary>
    public void End()
    {
        foreach (var lane in _lanes)
        {
            lane.End();
        }
    }

    /// <summary>A twin has this durable state now, or is deleted with it.</summary>
    public void Changed(string id, TwinState state)
    {
        if (_lanes.Length > 0)
        {
            _lanes[TwinShards.Of(id)].Add(id, state);
        }
    }
}
