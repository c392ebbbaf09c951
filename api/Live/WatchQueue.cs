using System.Threading.Channels;

namespace Twins.Api.Live;

/// <summary>
/// What a watch has to tell, in the order in which it came to know it. Events wait here for as long as the client is slow, and are
/// bounded; what the client's own loop has read goes through here as well, so as to be told behind them, and is taken out by that
/// loop at once. Not thread-safe, but for <see cref="Something"/>: <see cref="Watch"/> holds its lock around it.
/// </summary>
internal sealed class WatchQueue
{
    private readonly Queue<WatchChange> _changes = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, AllowSynchronousContinuations = false });

    /// <summary>How many events wait.</summary>
    public int Events { get; private set; }

    /// <summary>Completes when there is something to take, or to look at.</summary>
    public Task<bool> Something(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>Wakes who waits for <see cref="Something"/>.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>Queues what was read.</summary>
    public void Add(in WatchChange change) => _changes.Enqueue(change);

    /// <summary>Queues what an event tells.</summary>
    /// <returns>False if too many wait already.</returns>
    public bool TryAdd(in WatchChange change)
    {
        if (Events == Watch.Capacity)
        {
            return false;
        }

        Events++;
        _changes.Enqueue(change);
        Signal();
        return true;
    }

    /// <summary>Takes the next; false if there is none.</summary>
    public bool TryTake(out WatchChange change)
    {
        if (!_changes.TryDequeue(out change))
        {
            _signal.Reader.TryRead(out _);
            return false;
        }

        Events -= change.Cause is null ? 0 : 1;
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _changes.Clear();
        Events = 0;
    }
}
