using Twins.Api.Events;

namespace Twins.Api.Live;

/// <summary>
/// What a watch has to tell, in the order in which it came to know it. Events wait here for as long as the client is slow, and are
/// bounded; what the client's own loop has read goes through here as well, so as to be told behind them, and is taken out by that
/// loop at once. Not thread-safe, but for <see cref="Something"/>: <see cref="Watch"/> holds its lock around it.
/// </summary>
internal sealed class WatchQueue
{
    private readonly Queue<WatchChange> _changes = new();
    private readonly WakeSignal _signal = new();

    private long _bytes;

    /// <summary>How many events wait.</summary>
    public int Events { get; private set; }

    /// <summary>Completes when there is something to take, or to look at.</summary>
    public Task<bool> Something(CancellationToken cancellationToken) => _signal.Wait(cancellationToken);

    /// <summary>Wakes who waits for <see cref="Something"/>.</summary>
    public void Signal() => _signal.Set();

    /// <summary>Queues what was read.</summary>
    public void Add(in WatchChange change) => _changes.Enqueue(change);

    /// <summary>Queues what an event tells.</summary>
    /// <returns>False if too much waits already.</returns>
    public bool TryAdd(in WatchChange change)
    {
        var bytes = change.Cause!.Bytes;
        if (Events == HubClient.MaxWaiting || (Events > 0 && _bytes + bytes > HubClient.MaxWaitingBytes))
        {
            return false;
        }

        Events++;
        _bytes += bytes;
        _changes.Enqueue(change);
        Signal();
        return true;
    }

    /// <summary>Takes the next; false if there is none.</summary>
    public bool TryTake(out WatchChange change)
    {
        if (!_changes.TryDequeue(out change))
        {
            _signal.Reset();
            return false;
        }

        if (change.Cause is { } cause)
        {
            Events--;
            _bytes -= cause.Bytes;
        }

        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _changes.Clear();
        (Events, _bytes) = (0, 0);
    }
}
