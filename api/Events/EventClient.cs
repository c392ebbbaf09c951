using System.Threading.Channels;

namespace Twins.Api.Events;

/// <summary>
/// One client's queue of events. When it is full, the oldest event goes and the client is told, in its place, that it missed
/// some: a slow reader slows nobody. One thread reads; the hub writes.
/// </summary>
internal sealed class EventClient : HubClient
{
    /// <summary>How many events wait for a client at most.</summary>
    public const int Capacity = 1_000;

    private readonly EventKinds _kinds;
    private readonly Channel<HubEvent> _queue;
    private int _missed;

    /// <summary>Makes a client.</summary>
    /// <param name="wish">Which events it wants.</param>
    /// <param name="onSlow">Called when events are missed that the client was not told of yet.</param>
    public EventClient(EventWish wish, Action onSlow)
        : base(wish.TwinId, wish.Filter)
    {
        _kinds = wish.Kinds;
        _queue = Channel.CreateBounded<HubEvent>(
            new BoundedChannelOptions(Capacity)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
                SingleWriter = true,
                AllowSynchronousContinuations = false,
            },
            _ =>
            {
                if (Interlocked.Increment(ref _missed) == 1)
                {
                    onSlow();
                }
            });
    }

    /// <inheritdoc/>
    public override bool WantsDocuments => Filter is not null;

    /// <summary>What waits.</summary>
    public ChannelReader<HubEvent> Queue => _queue.Reader;

    /// <summary>Queues what the client wants. Where nobody can say, it is told: rather one event too many than one too few.</summary>
    public override void Offer(HubEvent next, Match match)
    {
        if (match != Match.No && _kinds.Contain(next.Kind))
        {
            _queue.Writer.TryWrite(next);
        }
    }

    /// <summary>How many events were missed since this was asked last; they belong in front of what is read next.</summary>
    public int TakeMissed() => Volatile.Read(ref _missed) == 0 ? 0 : Interlocked.Exchange(ref _missed, 0);
}
