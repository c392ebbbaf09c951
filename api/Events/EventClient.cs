using System.Diagnostics.CodeAnalysis;

namespace Twins.Api.Events;

/// <summary>
/// One client's queue of events. When it is full, the oldest events go and the client is told, in their place, that it missed
/// some: a slow reader slows nobody. One thread reads; the hub writes.
/// </summary>
/// <param name="wish">Which events it wants.</param>
/// <param name="onSlow">Called when events are missed that the client was not told of yet, with how many wait.</param>
internal sealed class EventClient(EventWish wish, Action<int> onSlow) : HubClient(wish.TwinId, wish.Filter)
{
    private readonly Lock _lock = new();
    private readonly Queue<HubEvent> _queue = new();
    private readonly WakeSignal _signal = new();

    private long _bytes;
    private int _missed;

    /// <inheritdoc/>
    public override bool WantsDocuments => Filter is not null;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count == 0;
            }
        }
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task<bool> Something(CancellationToken cancellationToken) => _signal.Wait(cancellationToken);

    /// <summary>Queues what the client wants. Where nobody can say, it is told: rather one event too many than one too few.</summary>
    public override void Offer(HubEvent next, Match match)
    {
        if (match == Match.No || !wish.Kinds.Contain(next.Kind))
        {
            return;
        }

        lock (_lock)
        {
            _queue.Enqueue(next);
            _bytes += next.Bytes;
            while (_queue.Count > MaxWaiting || (_bytes > MaxWaitingBytes && _queue.Count > 1))
            {
                _bytes -= _queue.Dequeue().Bytes;
                if (++_missed == 1)
                {
                    onSlow(_queue.Count);
                }
            }

            _signal.Set();
        }
    }

    /// <summary>Takes what waits; false if nothing does.</summary>
    /// <param name="next">The event.</param>
    /// <param name="missed">How many were missed in front of it.</param>
    public bool TryTake([NotNullWhen(true)] out HubEvent? next, out int missed)
    {
        lock (_lock)
        {
            (missed, _missed) = (_missed, 0);
            if (_queue.TryDequeue(out next))
            {
                _bytes -= next.Bytes;
                return true;
            }

            _signal.Reset();
            return false;
        }
    }
}
