using System.Collections.Concurrent;
using System.Diagnostics;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links;

/// <summary>
/// Brings decoded messages to their twins: one batch in flight per device; what arrives meanwhile is the next batch.
/// How much waits here is bounded by the links: each connection to the gateway, and each broker link, has a window, and
/// <see cref="QueueBudget"/> all of them together. While the store fails, messages wait until it takes them; those that nobody waits
/// for any more are dropped.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>What one call to a twin carries at most.</summary>
    private const int MaxBatch = 256;

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Func<string, DeviceMessage[], Task<MessageOutcome[]>> _apply;
    private readonly StoreRetry _retry;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _waiting;

    public Dispatcher(IGrainFactory grains, StoreRetry retry, TwinsMetrics metrics, TimeProvider time, ILogger<Dispatcher> logger)
        : this((twinId, messages) => grains.Twin(twinId).Apply(messages, CallNumbers.Next()), retry, metrics, time, logger)
    {
    }

    /// <summary>Creates one that brings messages to what stands in for twins.</summary>
    internal Dispatcher(Func<string, DeviceMessage[], Task<MessageOutcome[]>> apply, StoreRetry retry, TwinsMetrics metrics, TimeProvider time, ILogger<Dispatcher> logger)
    {
        _apply = apply;
        _retry = retry;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        metrics.Gauge("twins.dispatcher.waiting", "{message}", "Messages that wait for their twin, or for it to be stored.", () => Waiting);
    }

    /// <summary>Gets how many messages wait for their twin, or for it to be stored.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Applies a message, behind those of the same device that were given before. Returns when what it changed is
    /// durable; throws when the twin could not take it.
    /// </summary>
    /// <param name="twinId">The device.</param>
    /// <param name="message">What it says.</param>
    /// <param name="mayShed">Whether the message may be dropped if the store fails.</param>
    /// <param name="ended">The end of its connection: after it, too, the message may be dropped if the store fails.</param>
    public Task<MessageOutcome> Apply(string twinId, DeviceMessage message, bool mayShed = false, CancellationToken ended = default)
    {
        Interlocked.Increment(ref _waiting);
        var waiting = new Entry(message, mayShed, ended);
        while (true)
        {
            var lane = _lanes.GetOrAdd(twinId, static _ => new Lane());
            lock (lane)
            {
                if (lane.Ended)
                {
                    continue;
                }

                lane.Add(waiting);
                if (!lane.Running)
                {
                    lane.Running = true;
                    // Not awaited: it ends with its queue, and whatever happens is told to those who wait.
                    _ = Run(twinId, lane);
                }
            }

            return waiting.Task;
        }
    }

    private async Task Run(string twinId, Lane lane)
    {
        while (true)
        {
            Entry[] batch;
            lock (lane)
            {
                batch = lane.Take(MaxBatch);
                if (batch.Length == 0)
                {
                    lane.Ended = true;
                    _lanes.TryRemove(new KeyValuePair<string, Lane>(twinId, lane));
                    return;
                }
            }

            await Apply(twinId, lane, batch);
        }
    }

    private async Task Apply(string twinId, Lane lane, Entry[] batch)
    {
        using var span = TwinsTracing.Join("twins.apply", ActivityKind.Internal, batch, static waiting => waiting.Trace);
        _metrics.Dispatched(batch.Length);
        var started = _time.GetTimestamp();
        for (var delay = StoreRetry.FirstDelay; ; delay = StoreRetry.Longer(delay))
        {
            if (_retry.Fault is { } fault)
            {
                batch = DropUnwanted(lane, batch, fault);
                if (batch.Length == 0)
                {
                    return;
                }
            }

            try
            {
                if (_retry.MayTry())
                {
                    var outcomes = await _apply(twinId, Array.ConvertAll(batch, waiting => waiting.Message));
                    Interlocked.Add(ref _waiting, -batch.Length);
                    for (var i = 0; i < batch.Length; i++)
                    {
                        batch[i].SetResult(outcomes[i]);
                    }

                    return;
                }
            }
            catch (Exception exception) when (_retry.IsOfStore(exception))
            {
                // It waits for as long as the store fails: a device that got an error code would not repeat the message.
                started = _time.GetTimestamp();
                Repeat(exception, twinId, delay);
            }
            catch (Exception exception) when (_time.GetElapsedTime(started) < StoreRetry.GiveUpTimeout)
            {
                Repeat(exception, twinId, delay);
            }
            catch (Exception exception)
            {
                GaveUp(exception, twinId, batch.Length);
                Interlocked.Add(ref _waiting, -batch.Length);
                Array.ForEach(batch, waiting => waiting.SetException(exception));
                return;
            }

            await _retry.DelayAsync(delay);
        }
    }

    private void Repeat(Exception exception, string twinId, TimeSpan delay)
    {
        Retrying(exception, twinId, delay.TotalMilliseconds);
        _metrics.Retried();
    }

    /// <summary>Drops, of a batch and of what waits behind it, what nobody waits for any more; returns the rest of the batch.</summary>
    private Entry[] DropUnwanted(Lane lane, Entry[] batch, StoreException fault)
    {
        List<Entry> dropped;
        lock (lane)
        {
            dropped = lane.TakeUnwanted();
        }

        if (Array.Exists(batch, static waiting => waiting.IsUnwanted))
        {
            dropped.AddRange(batch.Where(static waiting => waiting.IsUnwanted));
            batch = Array.FindAll(batch, waiting => !dropped.Contains(waiting));
        }

        Interlocked.Add(ref _waiting, -dropped.Count);
        foreach (var waiting in dropped)
        {
            waiting.SetException(new StoreException(fault.Fault, "the store fails, and nobody waits for the message any more", fault));
        }

        return batch;
    }

    [LoggerMessage(LogEvents.DispatchRetry, LogLevel.Debug, "Twin {TwinId} did not take its messages; they are given again in {Pause} ms.")]
    private partial void Retrying(Exception exception, string twinId, double pause);

    [LoggerMessage(LogEvents.DispatchGaveUp, LogLevel.Warning, "Twin {TwinId} does not take its messages; {Count} are given back to their link unacknowledged.")]
    private partial void GaveUp(Exception exception, string twinId, int count);

    /// <summary>What waits for one device; oldest first.</summary>
    private sealed class Lane
    {
        private Entry? _first;
        private Entry? _last;
        private int _count;

        public bool Running { get; set; }

        public bool Ended { get; set; }

        public void Add(Entry waiting)
        {
            if (_last is null)
            {
                _first = waiting;
            }
            else
            {
                _last.Next = waiting;
            }

            _last = waiting;
            _count++;
        }

        /// <summary>Takes out what nobody waits for any more.</summary>
        public List<Entry> TakeUnwanted()
        {
            var taken = new List<Entry>();
            Entry? last = null;
            for (var waiting = _first; waiting is not null; waiting = waiting.Next)
            {
                if (!waiting.IsUnwanted)
                {
                    last = waiting;
                    continue;
                }

                taken.Add(waiting);
                if (last is null)
                {
                    _first = waiting.Next;
                }
                else
                {
                    last.Next = waiting.Next;
                }
            }

            (_last, _count) = (last, _count - taken.Count);
            return taken;
        }

        public Entry[] Take(int atMost)
        {
            if (_first is null)
            {
                return [];
            }

            var taken = new Entry[Math.Min(_count, atMost)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = _first!;
                _first = taken[i].Next;
                taken[i].Next = null;
            }

            _count -= taken.Length;
            _last = _first is null ? null : _last;
            return taken;
        }
    }

    /// <summary>
    /// A message, and who waits for what becomes of it: they go on within the call that tells them, which has nothing
    /// else to do.
    /// </summary>
    private sealed class Entry(DeviceMessage message, bool mayShed, CancellationToken ended) : TaskCompletionSource<MessageOutcome>
    {
        private readonly CancellationToken _ended = ended;

        public DeviceMessage Message { get; } = message;

        /// <summary>Gets whether it may be dropped while the store fails. It may become so, and does not cease to be.</summary>
        public bool IsUnwanted => mayShed || _ended.IsCancellationRequested;

        public ActivityContext? Trace { get; } = TwinsTracing.Here();

        public Entry? Next { get; set; }
    }
}
