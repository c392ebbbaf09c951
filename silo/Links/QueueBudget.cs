using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links;

/// <summary>
/// Limits the bytes of all messages and REST writes of the process that wait between a socket and the store
/// (<c>Twins:Limits:QueueMiB</c>). When it is used up, links do not read, and REST writes are refused. A message that is larger than the
/// limit is let through alone. Callers that wait are served in their order. Safe for any thread.
/// </summary>
public sealed class QueueBudget
{
    /// <summary>
    /// Bytes that a message takes besides its payload, at most: objects of the way to its twin and of its state, as
    /// docs/operations/store.md states.
    /// </summary>
    public const int MessageOverhead = 4096;

    private const int LeastMiB = 64;
    private const int MostMiB = 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly Counter<long> _waits;
    private readonly long _limit;
    private long _used;
    private int _waiting;

    /// <summary>Creates it with the limit of the settings.</summary>
    public QueueBudget(IOptions<TwinsOptions> options, IMeterFactory meters)
    {
        _limit = LimitMiB(options.Value.Limits, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) * 1024L * 1024L;
        var meter = meters.Create(TwinsMetrics.MeterName);
        meter.CreateObservableUpDownCounter("twins.queue.bytes", () => Used, "By", "Payloads, and 4 KiB for each message, that wait between socket and store.");
        _waits = meter.CreateCounter<long>("twins.queue.full", "{message}", "Messages that waited, and REST writes that were refused, because Twins:Limits:QueueMiB was used up.");
    }

    /// <summary>Gets the bytes that are taken.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Returns the limit in MiB: the setting, or a quarter of the memory that the process may use, 64 at least and 1,024 at most.</summary>
    internal static int LimitMiB(LimitsOptions limits, long availableBytes) =>
        limits.QueueMiB ?? (int)Math.Clamp(availableBytes / 4 / (1024 * 1024), LeastMiB, MostMiB);

    /// <summary>Returns the bytes that a message takes.</summary>
    public static long Of(long payloadBytes) => payloadBytes + MessageOverhead;

    /// <summary>Takes bytes if there are enough and nobody waits for some.</summary>
    /// <param name="bytes">As <see cref="Of"/> returns.</param>
    /// <param name="link">The link, or <c>http</c>: named by the counter if there are not enough.</param>
    public bool TryTake(long bytes, string link)
    {
        if (Volatile.Read(ref _waiting) == 0 && TryAdd(bytes))
        {
            return true;
        }

        _waits.Add(1, new KeyValuePair<string, object?>("link", link));
        return false;
    }

    /// <summary>Takes bytes; returns when there were enough.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is taken.</exception>
    public Task TakeAsync(long bytes, string link, CancellationToken cancellationToken) =>
        TryTake(bytes, link) ? Task.CompletedTask : WaitAsync(bytes, cancellationToken);

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        // A full fence: a caller that begins to wait sees what was given back, or is seen here.
        Interlocked.Add(ref _used, -bytes);
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                Serve();
            }
        }
    }

    private bool TryAdd(long bytes)
    {
        while (true)
        {
            var used = Volatile.Read(ref _used);
            if (used > 0 && used + bytes > _limit)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _used, used + bytes, used) == used)
            {
                return true;
            }
        }
    }

    private async Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(bytes);
        lock (_gate)
        {
            _waiters.AddLast(waiter);
            Interlocked.Increment(ref _waiting);
            Serve();
        }

        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        try
        {
            await waiter.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (_waiters.Remove(waiter))
                {
                    Interlocked.Decrement(ref _waiting);
                }

                // It may have been the one that was too large.
                Serve();
            }

            throw;
        }
    }

    /// <summary>Lets those through who wait, in their order, as far as there are bytes for them.</summary>
    private void Serve()
    {
        while (_waiters.First is { Value: var waiter } && TryAdd(waiter.Bytes))
        {
            _waiters.RemoveFirst();
            Interlocked.Decrement(ref _waiting);
            if (!waiter.TrySetResult())
            {
                Interlocked.Add(ref _used, -waiter.Bytes);
            }
        }
    }

    private sealed class Waiter(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;
    }
}
