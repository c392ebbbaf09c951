namespace Twins.Silo.Links;

/// <summary>
/// Runs work of the same key one after the other, in the order given; keys do not wait for one another.
/// Safe for any thread.
/// </summary>
/// <param name="capacity">How much may wait for one key.</param>
internal sealed class KeyedQueue(int capacity)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Runs the work behind what the key has waiting; at once <paramref name="full"/> where its queue is full.</summary>
    public Task<T> Run<T>(string key, Func<Task<T>> work, T full)
    {
        lock (_lanes)
        {
            if (!_lanes.TryGetValue(key, out var lane))
            {
                lane = _lanes[key] = new Lane();
            }

            if (lane.Waiting >= capacity)
            {
                return Task.FromResult(full);
            }

            lane.Waiting++;
            var running = RunAfter(key, lane, lane.Last, work);
            lane.Last = running;
            return running;
        }
    }

    private async Task<T> RunAfter<T>(string key, Lane lane, Task before, Func<Task<T>> work)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            return await work();
        }
        finally
        {
            lock (_lanes)
            {
                if (--lane.Waiting == 0)
                {
                    _lanes.Remove(key);
                }
            }
        }
    }

    private sealed class Lane
    {
        public Task Last { get; set; } = Task.CompletedTask;

        public int Waiting { get; set; }
    }
}
