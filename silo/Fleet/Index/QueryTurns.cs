using System.Globalization;
using Twins.Contracts.Fleet;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Lets the partitions of a silo scan their tables in turns, at most one per core: scans that wait do not occupy threads which messages
/// of devices need. After a scan that took long, one core stays free for a second. The caller that has used the least time is next, so
/// that one with many or slow queries does not delay another. Thread-safe.
/// </summary>
/// <param name="cores">Scans at a time.</param>
/// <param name="time">The clock.</param>
internal sealed class QueryTurns(int cores, TimeProvider time)
{
    /// <summary>Most scans take less for a million twins; a device that waits for one of them does not notice.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan FreeCoreTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a scan may wait: less than a call to a partition may take, so that the caller learns the reason.</summary>
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueryCaller> _callers = new(StringComparer.Ordinal);
    private int _running;
    private long? _longAt;

    /// <summary>Waits for a free place, then runs the scan in the context of the calling grain.</summary>
    /// <exception cref="TooManyQueriesException">It was not its turn for 8 s.</exception>
    /// <exception cref="FilterTooSlowException">A scan of the same query was too slow.</exception>
    public async Task<T> Run<T>(FleetQuery query, Func<T> scan)
    {
        var turn = new QueryTurn(query);
        lock (_lock)
        {
            Enter(turn);
            StartNext();
        }

        await Wait(turn);
        var started = time.GetTimestamp();
        try
        {
            return scan();
        }
        catch (FilterTooSlowException slow)
        {
            Refuse(query, slow);
            throw;
        }
        finally
        {
            End(turn, time.GetElapsedTime(started));
        }
    }

    private async Task Wait(QueryTurn turn)
    {
        try
        {
            await turn.Start.Task.WaitAsync(QueueTimeout, time);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                if (turn.Start.TrySetCanceled())
                {
                    Leave(turn);
                    throw new TooManyQueriesException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"the query waited {QueueTimeout.TotalSeconds:0} s for a free place; ask again when earlier queries are answered, or use filters with fewer conditions"));
                }
            }

            // Its turn came in the same moment; or the query was refused.
            await turn.Start.Task;
        }
    }

    private void Enter(QueryTurn turn)
    {
        if (!_callers.TryGetValue(turn.Query.Caller, out var caller))
        {
            // It starts with the least time of those that are there: it is served soon, and not for as long as they have been.
            var used = _callers.Count == 0 ? TimeSpan.Zero : _callers.Values.Min(static other => other.Used);
            _callers[turn.Query.Caller] = caller = new QueryCaller(used);
        }

        caller.Waiting.AddLast(turn);
    }

    private void StartNext()
    {
        while (_running < Places())
        {
            var next = _callers.Values.Where(static caller => caller.Waiting.Count > 0).MinBy(static caller => caller.Used);
            if (next is null)
            {
                return;
            }

            var turn = next.Waiting.First!.Value;
            next.Waiting.RemoveFirst();
            next.Running++;
            _running++;
            turn.Start.SetResult();
        }
    }

    private int Places() =>
        _longAt is { } at && time.GetElapsedTime(at) < FreeCoreTime ? Math.Max(1, cores - 1) : cores;

    private void Leave(QueryTurn turn)
    {
        var caller = _callers[turn.Query.Caller];
        caller.Waiting.Remove(turn);
        RemoveIfIdle(turn.Query.Caller, caller);
    }

    private void End(QueryTurn turn, TimeSpan took)
    {
        lock (_lock)
        {
            if (took > Long)
            {
                _longAt = time.GetTimestamp();
            }

            var caller = _callers[turn.Query.Caller];
            caller.Used += took;
            caller.Running--;
            _running--;
            RemoveIfIdle(turn.Query.Caller, caller);
            StartNext();
        }
    }

    /// <summary>Refuses the other scans of a query that fails anyway: its caller is answered with the first exception.</summary>
    private void Refuse(FleetQuery query, FilterTooSlowException slow)
    {
        lock (_lock)
        {
            // The one that runs is counted, so the caller is there.
            foreach (var turn in _callers[query.Caller].Waiting.Where(turn => turn.Query.Filter == query.Filter && turn.Query.Now == query.Now).ToArray())
            {
                _callers[query.Caller].Waiting.Remove(turn);
                turn.Start.SetException(slow);
            }
        }
    }

    private void RemoveIfIdle(string name, QueryCaller caller)
    {
        if (caller is { Running: 0, Waiting.Count: 0 })
        {
            _callers.Remove(name);
        }
    }
}
