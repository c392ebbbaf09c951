namespace Twins.Api.Events;

/// <summary>
/// The last events, so that a client that was away for a moment misses nothing. Bounded twice: by number and by
/// bytes; the oldest go. Not thread-safe: <see cref="EventHub"/> holds its lock around it.
/// </summary>
/// <param name="capacity">How many events at most.</param>
/// <param name="maxBytes">How much memory at most, about.</param>
internal sealed class EventRing(int capacity, long maxBytes)
{
    private readonly Queue<HubEvent> _events = new();
    private long _bytes;

    /// <summary>The sequence of the newest event; 0 before the first.</summary>
    public long Newest { get; private set; }

    /// <summary>Takes the next event.</summary>
    public void Add(HubEvent next)
    {
        Newest = next.Sequence;
        _events.Enqueue(next);
        _bytes += next.Bytes;
        while (_events.Count > capacity || (_bytes > maxBytes && _events.Count > 1))
        {
            _bytes -= _events.Dequeue().Bytes;
        }
    }

    /// <summary>Everything after an event that a client has seen.</summary>
    /// <param name="sequence">The event that it has seen.</param>
    /// <param name="events">What came after it, in order.</param>
    /// <returns>False if some of what came after it is not here any more, or it was never given out.</returns>
    public bool TryGetAfter(long sequence, out IEnumerable<HubEvent> events)
    {
        var complete = sequence <= Newest && sequence >= Newest - _events.Count;
        events = complete ? _events.Skip((int)(sequence - (Newest - _events.Count))) : [];
        return complete;
    }
}
