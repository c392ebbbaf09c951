using Twins.Api.Live;
using Twins.Contracts;

namespace Twins.Api.Events;

/// <summary>Events, from now on or from where the client was, as a subscription.</summary>
/// <param name="hub">Where they come from.</param>
/// <param name="lifetime">Has the hub listen.</param>
/// <param name="wish">Which events.</param>
/// <param name="lastEventId">The id of the event that was seen last; null for none.</param>
/// <param name="pace">When to send.</param>
internal sealed class EventFeed(EventHub hub, EventHubLifetime lifetime, EventWish wish, string? lastEventId, LivePace pace) : ILiveFeed
{
    private EventClient? _client;

    /// <summary>Where the stream starts; let go of when that is told, because what was missed may be large, and a stream lives for days.</summary>
    private Subscription? _start;

    /// <inheritdoc/>
    public async Task<Problem?> Open(CancellationToken cancellationToken)
    {
        await lifetime.Listening(documents: wish.Filter is not null, cancellationToken);
        _start = hub.Subscribe(wish, lastEventId);
        _client = _start.Client;
        return null;
    }

    /// <inheritdoc/>
    public async Task<Problem?> Run(ILiveSink sink, CancellationToken cancellationToken)
    {
        await Begin(sink, cancellationToken);
        _start = null;
        var client = _client!;
        while (true)
        {
            await pace.Wait(client.Something(cancellationToken), atMost: null, () => hub.PositionOf(client), sink, cancellationToken);
            await Drain(client, sink, cancellationToken);
            pace.Sent();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client is not null)
        {
            hub.Remove(_client);
        }
    }

    /// <summary>Tells what was missed.</summary>
    private async Task Begin(ILiveSink sink, CancellationToken cancellationToken)
    {
        var start = _start!;
        sink.Opened(start.Position);
        if (start.Reset)
        {
            sink.Write(LiveMessage.Reset(start.Position, LiveMessage.NotBuffered));
        }

        await sink.Flush(cancellationToken);
        foreach (var missed in start.Backlog)
        {
            sink.Write(missed.Message);
            if (sink.IsFull)
            {
                await sink.Flush(cancellationToken);
            }
        }

        await sink.Flush(cancellationToken);
    }

    private async Task Drain(EventClient client, ILiveSink sink, CancellationToken cancellationToken)
    {
        while (client.TryTake(out var next, out var missed))
        {
            if (missed > 0)
            {
                // Under the id of the event in front of it, so that who breaks off here gets that event again.
                sink.Write(LiveMessage.Reset(EventId.Format(hub.Stream, next.Sequence - 1), LiveMessage.SlowReader, missed));
            }

            sink.Write(next.Message);
            if (sink.IsFull)
            {
                await sink.Flush(cancellationToken);
            }
        }

        await sink.Flush(cancellationToken);
    }
}
