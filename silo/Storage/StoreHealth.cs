using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>What is known of the store from its last write. Safe for any thread.</summary>
internal sealed class StoreHealth
{
    private readonly Lock _gate = new();
    private volatile StoreException? _fault;

    /// <summary>Completes when the store takes writes again; null while it does.</summary>
    private TaskCompletionSource? _available;

    /// <summary>Gets why the store does not take writes; null if it does.</summary>
    public StoreException? Fault => _fault;

    /// <summary>Notes how the last check ended.</summary>
    /// <param name="fault">Why it failed; null if it did not.</param>
    /// <returns>Whether that is news.</returns>
    public bool Set(StoreException? fault)
    {
        TaskCompletionSource? available = null;
        StoreException? before;
        lock (_gate)
        {
            before = _fault;
            _fault = fault;
            if (fault is null)
            {
                (available, _available) = (_available, null);
            }
            else
            {
                _available ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        available?.SetResult();
        return before?.Fault != fault?.Fault;
    }

    /// <summary>Returns when the store takes writes, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time)
    {
        Task? available;
        lock (_gate)
        {
            available = _available?.Task;
        }

        if (available is not null)
        {
            await available.WaitAsync(atMost, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
