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

    public FleetFeed(FleetPartitions partitions, IOptions<TwinsOptions> options, TwinsMetrics metrics, TimeProvider time, ILogger<FleetFeed> logger)
    {
        _lanes = options.Value.Fleet.Index
            ? [.. partitions.All.Select((partition, shard) => new FeedLane(partition, shard, metrics, time, logger))]
            : [];
        metrics.Gauge("twins.fleet.waiting", "{twin}", "Changed twins that the fleet index was not told of yet.", () => _lanes.Sum(lane => (long)lane.Waiting));
    }

    /// <summary>A twin has this durable state now, or is deleted with it.</summary>
    public void Changed(string id, TwinState state)
    {
        if (_lanes.Length > 0)
        {
            _lanes[TwinCatalog.ShardOf(id)].Add(id, state);
        }
    }
}
