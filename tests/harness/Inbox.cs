namespace Twins.Tests.Harness;

/// <summary>What came in, in order; each item is taken once.</summary>
public sealed class Inbox<T>
{
    /// <summary>How many are shown when one does not come.</summary>
    private const int Shown = 20;

    private readonly Lock _lock = new();
    private readonly List<T> _all = [];
    private readonly List<T> _waiting = [];
    private TaskCompletionSource _arrival = NewArrival();

    /// <summary>All that ever came, taken or not.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Puts something in.</summary>
    public void Add(T item)
    {
        TaskCompletionSource arrival;
        lock (_lock)
        {
            _all.Add(item);
            _waiting.Add(item);
            (arrival, _arrival) = (_arrival, NewArrival());
        }

        arrival.SetResult();
    }

    /// <summary>Takes the first that matches, and waits for it until the deadline.</summary>
    public async Task<T> Take(Predicate<T> match, string what, TimeSpan? deadline = null)
    {
        using var cancellation = new CancellationTokenSource(deadline ?? Eventually.Deadline);
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                var index = _waiting.FindIndex(match);
                if (index >= 0)
                {
                    var item = _waiting[index];
                    _waiting.RemoveAt(index);
                    return item;
                }

                arrival = _arrival.Task;
            }

            try
            {
                await arrival.WaitAsync(cancellation.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"waited for {what}; came, at last: [{string.Join(" | ", All.TakeLast(Shown))}]", e);
            }
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
