using Twins.Silo.Storage;

namespace Twins.Silo.Links.Fencing;

/// <summary>
/// Gives out fencing tokens: numbers from one counter of the store, so that a later grant of a right has a higher token than an
/// earlier one, whichever silo grants it. Grants that wait at the same time share one round trip. Safe for any thread.
/// </summary>
internal sealed class FenceTokens
{
    /// <summary>The name of the counter.</summary>
    public const string Counter = "fence-tokens";

    /// <summary>
    /// Tokens that are taken at once from a store that no other process uses: the rest is given out from memory, so that a store that
    /// is full does not keep devices from connecting. A restart skips what is left; 2^64 last for any number of restarts.
    /// </summary>
    private const int Block = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Func<long, long, Task<long>> _increment;
    private readonly bool _isShared;
    private List<TaskCompletionSource<ulong>> _waiting = [];
    private bool _running;

    /// <summary>The next tokens of the block: from <see cref="_next"/> to <see cref="_last"/>.</summary>
    private ulong _next = 1;
    private ulong _last;

    /// <summary>A twin knows this token, so that new ones must be higher.</summary>
    private ulong _floor;

    public FenceTokens(IStateStore store)
        : this((by, above) => store.IncrementAsync(Counter, by, above), store.IsShared)
    {
    }

    /// <summary>Creates one with a counter of a test's.</summary>
    /// <param name="increment">Adds to the counter, above a number, and returns its new value.</param>
    /// <param name="isShared">Whether other processes use the counter as well.</param>
    internal FenceTokens(Func<long, long, Task<long>> increment, bool isShared) => (_increment, _isShared) = (increment, isShared);

    /// <summary>Takes a token; it is higher than all that were returned before this was called.</summary>
    /// <exception cref="Contracts.Storage.StoreException">The store did not give one.</exception>
    public Task<ulong> NextAsync()
    {
        TaskCompletionSource<ulong> waiting;
        lock (_gate)
        {
            if (_next <= _last && _next > _floor)
            {
                return Task.FromResult(_next++);
            }

            waiting = new TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(waiting);
            if (_running)
            {
                return waiting.Task;
            }

            _running = true;
        }

        // Not awaited: it ends when nobody waits, and passes failures on to those who wait.
        _ = RunAsync();
        return waiting.Task;
    }

    /// <summary>
    /// Notes a token that a twin has compared with. Tokens that are taken from now on are higher. This matters only after the store
    /// has lost its counter: without it, devices would be locked out until the counter has caught up.
    /// </summary>
    public void Raise(ulong token)
    {
        lock (_gate)
        {
            _floor = Math.Max(_floor, token);
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<TaskCompletionSource<ulong>> batch;
            ulong floor;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _running = false;
                    return;
                }

                (batch, _waiting) = (_waiting, []);
                floor = _floor;
            }

            try
            {
                var taken = _isShared ? batch.Count : Math.Max(Block, batch.Count);
                var last = (ulong)await _increment(taken, (long)floor);
                var first = last - (ulong)taken + 1;
                lock (_gate)
                {
                    (_next, _last) = (first + (ulong)batch.Count, last);
                }

                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].SetResult(first + (ulong)i);
                }
            }
            catch (Exception exception)
            {
                batch.ForEach(waiting => waiting.SetException(exception));
            }
        }
    }
}
