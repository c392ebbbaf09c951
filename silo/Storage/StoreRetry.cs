using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>
/// Says how long to repeat a write that the store refused, and paces it: until the store takes it if the store fails as a whole,
/// for <see cref="GiveUpTimeout"/> if something else is wrong. Safe for any thread.
/// </summary>
internal sealed class StoreRetry(StoreHealth health, TimeProvider time)
{
    /// <summary>How long a write is repeated that fails while the store takes others.</summary>
    public static readonly TimeSpan GiveUpTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The delay after the first failure.</summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest delay; a store that is known to be back is tried at once.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The interval of all attempts of the process on a store that is known to fail. Each attempt reads a twin and fails to write it:
    /// thousands of them would occupy the cores.
    /// </summary>
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(50);

    private long _nextAttempt;

    /// <summary>Gets why the store is known not to take writes; null if it takes them.</summary>
    public StoreException? Fault => health.Fault;

    /// <summary>Returns the delay after the next failure.</summary>
    public static TimeSpan Longer(TimeSpan delay) => TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));

    /// <summary>Returns whether an exception means that the store fails as a whole, and not one write.</summary>
    public bool IsOfStore(Exception exception) =>
        health.Fault is not null || StoreFaults.FaultOf(exception) is not (null or StoreFault.TwinDamaged or StoreFault.Failed);

    /// <summary>
    /// Returns whether a write may be attempted now. If the store is known to fail, one attempt in <see cref="AttemptInterval"/> may,
    /// unless the store does not answer: then attempts take their time anyway, and may succeed.
    /// </summary>
    public bool MayTry()
    {
        if (health.Fault is null or { Fault: StoreFault.Unreachable })
        {
            return true;
        }

        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _nextAttempt);
        return now >= next
            && Interlocked.CompareExchange(ref _nextAttempt, now + (long)(AttemptInterval.TotalSeconds * time.TimestampFrequency), next) == next;
    }

    /// <summary>Returns after the delay, or as soon as a store that failed takes writes again.</summary>
    public Task DelayAsync(TimeSpan delay) => health.Fault is null ? Task.Delay(delay, time) : health.WaitAsync(delay, time);

    /// <summary>Repeats a write until the store takes it.</summary>
    /// <param name="write">The write.</param>
    /// <param name="isUnwanted">Whether it may be given up while the store fails.</param>
    /// <exception cref="StoreException">The store fails, and the write is unwanted.</exception>
    public async Task RunAsync(Func<Task> write, Func<bool> isUnwanted)
    {
        var since = time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = Longer(delay))
        {
            if (health.Fault is { } fault && isUnwanted())
            {
                throw new StoreException(fault.Fault, "the store fails, and nobody waits for this write", fault);
            }

            try
            {
                if (MayTry())
                {
                    await write();
                    return;
                }
            }
            catch (Exception exception) when (IsOfStore(exception))
            {
                since = time.GetTimestamp();
            }
            catch (Exception) when (time.GetElapsedTime(since) < GiveUpTimeout)
            {
                // Another cause: it may pass.
            }

            await DelayAsync(delay);
        }
    }
}
