using System.Collections.Concurrent;
using System.Diagnostics;
using Twins.Contracts.Twins;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Links;

/// <summary>
/// Brings decoded messages to their twins: one batch in flight per device; what arrives meanwhile is the next batch.
/// How much waits here is bounded by the links: each connection to the gateway, and each broker link, has a window.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>What one call to a twin carries at most.</summary>
    private const int MaxBatch = 256;

    /// <summary>How long a message is tried before its link is told that it was not taken.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly TwinReferences _twins;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _waiting;

    public Dispatcher(TwinReferences twins, TwinsMetrics metrics, TimeProvider time, ILogger<Dispatcher> logger)
    {
        _twins = twins;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        metrics.Gauge("twins.dispatcher.waiting", "{message}", "Messages that wait for their twin, or for it to be stored.", () => Volatile.Read(ref _waiting));
    }

    /// <summary>
    /// Applies a message, behind those of the same device that were given before. Returns when what it changed is
    /// durable; throws when the twin could not take it.
    /// </summary>
    public Task<MessageOutcome> Apply(string twinId, DeviceMessage message)
    {
        Interlocked.Increment(ref _waiting);
        var waiting = new Waiting(message);
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
            Waiting[] batch;
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

            await Apply(twinId, batch);
            Interlocked.Add(ref _waiting, -batch.Length);
        }
    }

    private async Task Apply(string twinId, Waiting[] batch)
    {
        var messages = Array.ConvertAll(batch, waiting => waiting.Message);
        using var span = TwinsTracing.Join("twins.apply", ActivityKind.Internal, batch, static waiting => waiting.Trace);
        _metrics.Dispatched(batch.Length);
        var started = _time.GetTimestamp();
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                var outcomes = await _twins.Of(twinId).Apply(messages);
                for (var i = 0; i < batch.Length; i++)
                {
                    batch[i].SetResult(outcomes[i]);
                }

                return;
            }
            catch (Exception exception) when (_time.GetElapsedTime(started) < GiveUpAfter)
            {
                Retrying(exception, twinId, pause.TotalMilliseconds);
                _metrics.Retried();
                await Task.Delay(pause, _time);
            }
            catch (Exception exception)
            {
                GaveUp(exception, twinId, batch.Length);
                Array.ForEach(batch, waiting => waiting.SetException(exception));
                return;
            }
        }
    }

    [LoggerMessage(LogEvents.DispatchRetry, LogLevel.Debug, "Twin {TwinId} did not take its messages; they are given again in {Pause} ms.")]
    private partial void Retrying(Exception exception, string twinId, double pause);

    [LoggerMessage(LogEvents.DispatchGaveUp, LogLevel.Warning, "Twin {TwinId} does not take its messages; {Count} are given back to their link unacknowledged.")]
    private partial void GaveUp(Exception exception, string twinId, int count);

    /// <summary>What waits for one device; oldest first.</summary>
    private sealed class Lane
    {
        private Waiting? _first;
        private Waiting? _last;
        private int _count;

        public bool Running { get; set; }

        public bool Ended { get; set; }

        public void Add(Waiting waiting)
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

        public Waiting[] Take(int atMost)
        {
            if (_first is null)
            {
                return [];
            }

            var taken = new Waiting[Math.Min(_count, atMost)];
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
    private sealed class Waiting(DeviceMessage message) : TaskCompletionSource<MessageOutcome>
    {
        public DeviceMessage Message { get; } = message;

        public ActivityContext? Trace { get; } = TwinsTracing.Here();

        public Waiting? Next { get; set; }
    }
}
