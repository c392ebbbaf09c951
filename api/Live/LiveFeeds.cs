using Microsoft.Extensions.Options;
using Twins.Api.Events;
using Twins.Api.Http;
using Twins.Silo.Hosting;

namespace Twins.Api.Live;

/// <summary>Makes subscriptions, whichever way the client has asked for them.</summary>
/// <param name="hub">Where events come from.</param>
/// <param name="hubLifetime">Has the hub listen.</param>
/// <param name="grains">The way to the cluster.</param>
/// <param name="queries">Limits queries to the index.</param>
/// <param name="options">How many twins a watch may follow.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">The process.</param>
internal sealed class LiveFeeds(
    EventHub hub,
    EventHubLifetime hubLifetime,
    IGrainFactory grains,
    QueryAdmission queries,
    IOptions<TwinsOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    private readonly LiveLoad _load = new(time);

    /// <summary>The process ends.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Events as they happen.</summary>
    /// <param name="wish">Which.</param>
    /// <param name="lastEventId">The id of the event that was seen last; null or empty for none.</param>
    public ILiveFeed Events(EventWish wish, string? lastEventId) =>
        new EventFeed(hub, hubLifetime, wish, string.IsNullOrEmpty(lastEventId) ? null : lastEventId, new LivePace(_load, time));

    /// <summary>Which twins match, and how that changes.</summary>
    /// <param name="filter">What they match; null for all twins.</param>
    /// <param name="caller">Who asks.</param>
    public ILiveFeed Watch(LiveFilter? filter, string caller) =>
        new WatchFeed(hub, hubLifetime, grains, queries, filter, caller, options.Value.Api.WatchMembers, new LivePace(_load, time), time);

    /// <summary>A subscription as the answer to a request.</summary>
    public SseResult Answer(ILiveFeed feed) => new(feed, Stopping);
}
