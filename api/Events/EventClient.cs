using System.Threading.Channels;

namespace Twins.Api.Events;

/// <summary>
/// One client's queue. When it is full, the oldest event goes and the client is told, in its place, that it missed
/// some: a slow reader slows nobody. One thread reads; the hub writes.
/// </summary>
internal sealed class EventClient
{
    /// <summary>How many events wait for a client at most.</summary>
    public const int Capacity = 1_000;

    /// <summary>Why a reset is sent: the client reads slower than events happen.</summary>
    public const string SlowReader = "slow-reader";

    /// <summary>Why a reset is sent: what the client saw last is not in the buffer (any more).</summary>
    public const string NotBuffered = "not-buffered";

    /// <summary>Why a reset is sent: this process itself could not listen for a while.</summary>
    public const string SourceGap = "source-gap";

    private readonly Channel<HubEvent> _queue;
    private int _missed;

    /// <summary>Makes a client.</summary>
    /// <param name="twinId">Whose events it wants; null for all.</param>
    /// <param name="onSlow">Called when events are missed that the client was not told of yet.</param>
    public EventClient(string? twinId, Action onSlow)
    {
        TwinId = twinId;
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
                if (Interlocked.Exchange(ref _missed, 1) == 0)
                {
                    onSlow();
                }
            });
    }

    /// <summary>Whose events it wants; null for all.</summary>
    public string? TwinId { get; }

    /// <summary>What waits.</summary>
    public ChannelReader<HubEvent> Queue => _queue.Reader;

    /// <summary>Queues an event; never waits.</summary>
    public void Offer(HubEvent next) => _queue.Writer.TryWrite(next);

    /// <summary>Whether events were missed since this was asked last; they belong in front of what is read next.</summary>
    public bool TakeMissed() => Volatile.Read(ref _missed) == 1 && Interlocked.Exchange(ref _missed, 0) == 1;
}
