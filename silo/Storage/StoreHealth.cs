using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>What is known of the store from its last writes. Safe for any thread.</summary>
internal sealed class StoreHealth
{
    private readonly Lock _gate = new();
    private volatile StoreException? _fault;
    private volatile StoreException? _notDurable;
    private volatile bool _written;

    /// <summary>Completes when the store takes writes again; null while it does.</summary>
    private TaskCompletionSource? _available;

    /// <summary>Gets why the store does not take writes; null if it does.</summary>
    public StoreException? Fault => _fault;

    /// <summary>Gets or sets why what the store acknowledges may be lost, if that is required not to be; null if it is kept.</summary>
    public StoreException? NotDurable
    {
        get => _notDurable;
        set => _notDurable = value;
    }

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

    /// <summary>Notes that something new was stored, so that no check is needed now.</summary>
    public void NoteWrite()
    {
        // Many threads read the flag and few write it.
        if (!_written)
        {
            _written = true;
        }
    }

    /// <summary>Returns whether something was stored since the last call.</summary>
    public bool TakeWritten()
    {
        var written = _written;
        _written = false;
        return written;
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
