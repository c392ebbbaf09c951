using Microsoft.Extensions.Options;
using Twins.Silo.Egress;
using Twins.Silo.Fleet;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Membership;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Twins;

/// <summary>What all twins of a silo share; one reference in each of a million of them rather than eight.</summary>
internal sealed class TwinServices(
    FleetFeed fleet,
    EventListeners listeners,
    LinkTable links,
    Pulse pulse,
    StoreHealth store,
    TwinCache cache,
    TwinsMetrics metrics,
    IOptions<TwinsOptions> options,
    TimeProvider time,
    ILogger<TwinGrain> logger)
{
    public FleetFeed Fleet { get; } = fleet;

    public EventListeners Listeners { get; } = listeners;

    public LinkTable Links { get; } = links;

    public Pulse Pulse { get; } = pulse;

    public StoreHealth Store { get; } = store;

    public TwinCache Cache { get; } = cache;

    public TwinsMetrics Metrics { get; } = metrics;

    public TwinsOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
