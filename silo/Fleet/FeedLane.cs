using Twins.Silo.Fleet.Index;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet;

/// <summary>
/// What a silo has to tell one partition of the index: of each twin that has changed, the last state only. A batch is under way at a
/// time, and the next one is what has come meanwhile. Safe for any thread.
/// </summary>
internal sealed partial class FeedLane(IFleetPartitionGrain partition, int shard, TwinsMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Twins that wait at most; their states are in memory anyway as long as the twins are. Beyond, what waits is given up, and the
    /// partition reads it from the store.
    /// </summary>
    public const int Capacity = 65_536;

    /// <summary>Twins of a call.</summary>
    private const int MaxTwins = 512;

    /// <summary>
    /// Bytes of a call, about, unless one twin alone has more: far below the 100 MiB of Orleans' MaxMessageBodySize. What is beyond that breaks
    /// the connection, each time that it is told again.
    /// </summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>
    /// Between the first change and the call. With 32 lanes and 10,000 changes a second a call has four twins rather than one, which
    /// costs little while a change is seen after some 12 ms.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PauseOnFailure = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Dictionary<string, (TwinState State, long At)> _waiting = new(StringComparer.Ordinal);
    private Dictionary<string, (TwinState State, long At)> _spare = new(StringComparer.Ordinal);
    private Task _sending = Task.CompletedTask;
    private bool _overflowed;
    private volatile bool _ended;

    /// <summary>Twins that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Stops the updates of the partition.</summary>
    public void End() => _ended = true;

    /// <summary>Has the partition told of a twin's durable state; never waits.</summary>
    public void Add(string id, TwinState state)
    {
        if (_ended)
        {
            return;
        }

        lock (_gate)
        {
            if (_waiting.Count >= Capacity && !_waiting.ContainsKey(id))
            {
                _waiting.Clear();
                _overflowed = true;
            }

            ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_waiting, id, out var known);
            entry = (state, known ? entry.At : time.GetTimestamp());
            if (_sending.IsCompleted)
            {
                // Not awaited: the twin goes on. It catches what happens, and ends when nothing waits. It is not the work of the call that
                // happens to start it, and must not be traced, or go on with what travels with calls, as if it were.
                using (ExecutionContext.SuppressFlow())
                {
                    _sending = Task.Run(Send);
                }
            }
        }
    }

    private async Task Send()
    {
        while (true)
        {
            await Task.Delay(Gathering, time);
            Dictionary<string, (TwinState State, long At)> batch;
            bool overflowed;
            lock (_gate)
            {
                (batch, _waiting, _spare) = (_waiting, _spare, _waiting);
                (overflowed, _overflowed) = (_overflowed, false);
            }

            await Send(batch, overflowed);
            batch.Clear();
            lock (_gate)
            {
                if (_waiting.Count == 0 && !_overflowed)
                {
                    _sending = Task.CompletedTask;
                    return;
                }
            }
        }
    }

    private async Task Send(Dictionary<string, (TwinState State, long At)> batch, bool overflowed)
    {
        foreach (var (twins, since) in Parts(batch))
        {
            await Insist(() => partition.Update(twins));
            foreach (var at in since)
            {
                metrics.IndexLag(time.GetElapsedTime(at));
            }
        }

        if (overflowed)
        {
            var reason = "a silo gave up what waited, " + Guid.NewGuid().ToString("N");
            Overflowed(shard, Capacity);
            await Insist(() => partition.ReadAgain(reason));
        }
    }

    /// <summary>What goes in a call each, and since when each of it has waited.</summary>
    private static IEnumerable<(IndexedTwin[] Twins, long[] Since)> Parts(Dictionary<string, (TwinState State, long At)> batch)
    {
        var (twins, since, bytes) = (new List<IndexedTwin>(), new List<long>(), 0);
        foreach (var (id, (state, at)) in batch)
        {
            var twin = IndexedTwin.Of(id, state);
            if (twins.Count == MaxTwins || (twins.Count > 0 && bytes + twin.Bytes > MaxBytes))
            {
                yield return ([.. twins], [.. since]);
                twins.Clear();
                since.Clear();
                bytes = 0;
            }

            twins.Add(twin);
            since.Add(at);
            bytes += twin.Bytes;
        }

        if (twins.Count > 0)
        {
            yield return ([.. twins], [.. since]);
        }
    }

    /// <summary>Calls until it succeeds: what is durable must be in the index, unless the updates have stopped.</summary>
    private async Task Insist(Func<Task> call)
    {
        while (!_ended)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception exception)
            {
                NotTaken(exception, shard);
                await Task.Delay(PauseOnFailure, time);
            }
        }
    }

    [LoggerMessage(LogEvents.IndexNotTold, LogLevel.Debug, "Partition {Shard} of the fleet index did not take what has changed; it is told again.")]
    private partial void NotTaken(Exception exception, int shard);

    [LoggerMessage(LogEvents.IndexFeedOverflowed, LogLevel.Warning, "More than {Capacity} twins waited for partition {Shard} of the fleet index; it reads them from the store.")]
    private partial void Overflowed(int shard, int capacity);
}
