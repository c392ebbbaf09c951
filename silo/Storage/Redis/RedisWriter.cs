using System.Collections.Concurrent;
using System.Diagnostics;
using StackExchange.Redis;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Storage.Redis;

/// <summary>
/// Writes the states of many grains in one round trip; writes that arrive while a batch is under way form the next batch.
/// Each write keeps its own ETag condition: one that conflicts or fails does not affect the others. The queue is bounded
/// by the grains, each of which has one write under way. Safe for any thread.
/// </summary>
internal sealed class RedisWriter
{
    /// <summary>
    /// The ETag is compared and the state written as one step, for each key apart, as Orleans' own script does for
    /// one. All stored is answered with 0, else with a list: 0 stored, -1 another ETag, or what went wrong.
    /// </summary>
    private const string Script =
        """
        local pcall, keys, argv = redis.pcall, KEYS, ARGV
        local results = {}
        local failed = false
        for i = 1, #keys do
          local at = i * 4
          local result = 0
          local etag = pcall('HGET', keys[i], 'etag')
          if type(etag) == 'table' then
            result = etag.err
          elseif (etag or '') == argv[at - 3] then
            local written = pcall('HMSET', keys[i], 'etag', argv[at - 2], 'data', argv[at - 1])
            if type(written) == 'table' and written.err then
              result = written.err
            elseif argv[at] ~= '' then
              pcall('PEXPIRE', keys[i], argv[at])
            end
          else
            result = -1
          end
          if result ~= 0 then
            failed = true
          end
          results[i] = result
        end
        if failed then
          return results
        end
        return 0
        """;

    /// <summary>Known ETag, next ETag, data, expiry in milliseconds or nothing.</summary>
    private const int ValuesPerWrite = 4;

    /// <summary>States in one round trip: a Redis does nothing else meanwhile, some 10 µs each.</summary>
    private const int MaxBatch = 256;

    /// <summary>Bytes in one round trip, beyond which it takes no further state.</summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>Batches under way: the store works on one while the next is made ready.</summary>
    private const int MaxUnderWay = 2;

    private readonly ConcurrentQueue<StateWrite> _waiting = new();
    private readonly RedisConnection _redis;
    private readonly RedisKeys _keys;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private int _underWay;

    public RedisWriter(RedisConnection redis, RedisKeys keys, TwinsMetrics metrics, TimeProvider time)
    {
        _redis = redis;
        _keys = keys;
        _metrics = metrics;
        _time = time;
        metrics.Gauge("twins.store.waiting", "{write}", "States that wait for a round trip to the store.", () => _waiting.Count);
    }

    /// <summary>Takes a write; its <see cref="StateWrite.Done"/> says what became of it.</summary>
    public void Add(StateWrite write)
    {
        _waiting.Enqueue(write);
        TrySend();
    }

    private void TrySend()
    {
        var underWay = Volatile.Read(ref _underWay);
        while (underWay < MaxUnderWay && !_waiting.IsEmpty)
        {
            var seen = Interlocked.CompareExchange(ref _underWay, underWay + 1, underWay);
            if (seen == underWay)
            {
                // Not on the caller's thread: meanwhile others add theirs. Not awaited: it ends with the queue, and
                // what happens is told to those who wait.
                ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.Send(), this, preferLocal: false);
                return;
            }

            underWay = seen;
        }
    }

    private async Task Send()
    {
        var batch = new List<StateWrite>(MaxBatch);
        while (Take(batch))
        {
            await Send(batch);
            batch.Clear();
        }

        Interlocked.Decrement(ref _underWay);

        // A write that came after the last look may have found all places taken.
        TrySend();
    }

    private bool Take(List<StateWrite> batch)
    {
        var bytes = 0;
        while (batch.Count < MaxBatch && bytes < MaxBytes && _waiting.TryDequeue(out var write))
        {
            batch.Add(write);
            bytes += write.Data.Length;
        }

        return batch.Count > 0;
    }

    private async Task Send(List<StateWrite> batch)
    {
        using var span = TwinsTracing.Join("twins.store", ActivityKind.Client, batch, static write => write.Trace);
        var started = _time.GetTimestamp();
        try
        {
            var database = await _redis.DatabaseAsync();
            var results = _redis.IsCluster ? await Apart(database, batch) : await Together(database, batch);
            Tell(batch, results, _time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            _metrics.Written(stored: 0, conflicts: 0, failed: batch.Count, _time.GetElapsedTime(started));
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            var failure = _redis.FaultOf(exception);
            batch.ForEach(write => write.SetFailed(failure));
        }
    }

    private static RedisValue[] Values(StateWrite write) =>
        [write.Known, write.Next, write.Data, write.Expiry is { } expiry ? (long)expiry.TotalMilliseconds : RedisValue.EmptyString];

    /// <summary>One script for all. Nothing where all are stored, else what became of each.</summary>
    private async Task<object[]?> Together(IDatabase database, List<StateWrite> batch)
    {
        var keys = new RedisKey[batch.Count];
        var values = new RedisValue[batch.Count * ValuesPerWrite];
        for (var i = 0; i < batch.Count; i++)
        {
            var write = batch[i];
            keys[i] = _keys.Of(write.Key);
            Values(write).CopyTo(values, i * ValuesPerWrite);
        }

        var results = await database.ScriptEvaluateAsync(Script, keys, values);
        return results.Length < 0 ? null : [.. (RedisResult[])results!];
    }

    /// <summary>
    /// A script of Redis Cluster may touch the keys of one slot only (Redis Cluster specification, "Implemented subset"),
    /// and hardly two states of a batch share one of 16,384. So each has its script, and all are under way at once: each
    /// node still takes many with one look at its sockets, and syncs them together. One that fails leaves the others alone.
    /// </summary>
    private Task<object[]> Apart(IDatabase database, List<StateWrite> batch) => Task.WhenAll(batch.Select(async Task<object> (write) =>
    {
        try
        {
            var result = await database.ScriptEvaluateAsync(Script, [_keys.Of(write.Key)], Values(write));
            return result.Length < 0 ? result : result[0];
        }
        catch (Exception exception)
        {
            return exception;
        }
    }));

    /// <param name="batch">What was written.</param>
    /// <param name="results">A result or an exception for each; null where all are stored.</param>
    /// <param name="after">How long it took.</param>
    private void Tell(List<StateWrite> batch, object[]? results, TimeSpan after)
    {
        var (conflicts, failed) = (0, 0);
        for (var i = 0; i < batch.Count; i++)
        {
            switch (results?[i])
            {
                case Exception exception:
                    failed++;
                    batch[i].SetFailed(_redis.FaultOf(exception));
                    break;
                case RedisResult result when result.Resp2Type != ResultType.Integer:
                    failed++;
                    batch[i].SetFailed(_redis.FaultOf(new RedisServerException(result.ToString())));
                    break;
                case RedisResult result when (int)result != 0:
                    conflicts++;
                    batch[i].SetConflict();
                    break;
                default:
                    batch[i].SetStored();
                    break;
            }
        }

        _metrics.Written(batch.Count - conflicts - failed, conflicts, failed, after);
    }
}
