using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>
/// The store of a cluster. States have the key and the hash format of Orleans' Redis provider, which reads and clears them; writes
/// share round trips (<see cref="RedisWriter"/>). Redis makes a change durable before it answers (<c>appendfsync always</c>).
/// </summary>
internal sealed class RedisStateStore(
    RedisConnection redis,
    RedisKeys keys,
    RedisWriter writer,
    RedisStateProvider provider,
    RedisDurability durability,
    IOptions<TwinsOptions> options) : IStateStore
{
    /// <summary>How long the ids of a twin's dead letters are kept after the last one.</summary>
    private static readonly TimeSpan s_deadLetterIdsExpiry = TimeSpan.FromDays(30);

    private readonly int _capacity = options.Value.DeadLetters.Capacity;
    private readonly int _capacityPerTwin = options.Value.DeadLetters.CapacityPerTwin;

    public async Task OpenAsync()
    {
        await redis.MultiplexerAsync();
        await durability.CheckAtStartAsync();
    }

    public Task<StoredState?> ReadAsync(StateKey key) => GuardAsync(() => provider.ReadAsync(key));

    public Task<StoredState?[]> ReadAsync(IReadOnlyList<StateKey> states) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        return await Task.WhenAll(states.Select(async key =>
        {
            var fields = await database.HashGetAsync(keys.Of(key), ["etag", "data"]);
            return fields[1].IsNullOrEmpty ? null : new StoredState(fields[0].ToString(), (byte[])fields[1]!);
        }));
    });

    /// <summary>
    /// Adds the id of a twin to its shard before the twin is first written, and removes it after the twin was deleted: a shard may name
    /// a twin that does not exist, and never misses one.
    /// </summary>
    public Task<bool> WriteAsync(StateWrite write)
    {
        if (write.Key.Kind == StateKind.Twin && (write.Creates || !write.Exists))
        {
            return GuardAsync(() => WriteListedAsync(write));
        }

        writer.Add(write);
        return write.Done;
    }

    public Task<bool> DeleteAsync(StateKey key, string etag) => GuardAsync(async () =>
    {
        if (!await provider.DeleteAsync(key, etag))
        {
            return false;
        }

        if (key.Kind == StateKind.Twin)
        {
            await RemoveFromShardAsync(await redis.DatabaseAsync(), keys.Shard(TwinShards.Of(key.Id)), key.Id);
        }

        return true;
    });

    public Task<string[]> ListTwinsAsync(string? after, int limit) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        var min = after is null ? RedisValue.Null : (RedisValue)after;
        var pages = await Task.WhenAll(Enumerable.Range(0, TwinShards.Count).Select(shard =>
            database.SortedSetRangeByValueAsync(keys.Shard(shard), min, default, Exclude.Start, Order.Ascending, 0, limit)));
        return pages.SelectMany(page => page)
            .Select(value => value.ToString())
            .Order(StringComparer.Ordinal)
            .Take(limit)
            .ToArray();
    });

    public Task<ShardPage> ReadShardAsync(int shard, string? after, int limit) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        var min = after is null ? RedisValue.Null : (RedisValue)after;
        var page = await database.SortedSetRangeByValueAsync(keys.Shard(shard), min, default, Exclude.Start, Order.Ascending, 0, limit);
        var ids = Array.ConvertAll(page, value => value.ToString());
        var found = await ReadAsync(Array.ConvertAll(ids, StateKey.Twin));
        var twins = ids.Zip(found)
            .Where(pair => pair.Second is not null)
            .Select(pair => new StoredTwin(pair.First, pair.Second!.Data, pair.Second.IsDamaged))
            .ToArray();
        return new ShardPage(twins, ids.Length < limit ? null : ids[^1]);
    });

    public bool IsVerified => true;

    /// <summary>Redis verifies its own files when it loads them.</summary>
    public IAsyncEnumerable<StoredTwin[]>? VerifyAsync(CancellationToken cancellationToken) => null;

    public Task AddDeadLetterAsync(StoredDeadLetter letter) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        var member = letter.Id + System.Text.Encoding.UTF8.GetString(letter.Data.Span);

        // The first three leave in one packet. What follows only removes, and may be repeated, so it needs no transaction.
        var own = keys.DeadLettersOf(letter.TwinId);
        var added = database.SortedSetAddAsync(keys.DeadLetters, member, 0);
        var counted = database.SortedSetAddAsync(own, letter.Id, 0);
        var excess = database.SortedSetRangeByRankAsync(own, 0, -(_capacityPerTwin + 1));

        // Ids whose letters have left the common set would stay for good otherwise.
        var expires = database.KeyExpireAsync(own, s_deadLetterIdsExpiry);
        await Task.WhenAll(added, counted, expires);
        foreach (var id in await excess)
        {
            // The id is the beginning of the member, and no other member lies between it and "id~".
            await database.SortedSetRemoveRangeByValueAsync(keys.DeadLetters, id, id.ToString() + "~");
            await database.SortedSetRemoveAsync(own, id);
        }

        await database.SortedSetRemoveRangeByRankAsync(keys.DeadLetters, 0, -(_capacity + 1));
    });

    public Task<ReadOnlyMemory<byte>[]> ListDeadLettersAsync(string? before, int limit) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        var max = before is null ? RedisValue.Null : (RedisValue)before;
        var members = await database.SortedSetRangeByValueAsync(keys.DeadLetters, default, max, Exclude.Stop, Order.Descending, 0, limit);
        return Array.ConvertAll(members, member =>
        {
            var bytes = (byte[])member!;
            return new ReadOnlyMemory<byte>(bytes, Array.IndexOf(bytes, (byte)'{'), bytes.Length - Array.IndexOf(bytes, (byte)'{'));
        });
    });

    public Task AddToSetAsync(string set, string member) => GuardAsync(async () => await (await redis.DatabaseAsync()).SetAddAsync(keys.Set(set), member));

    public Task RemoveFromSetAsync(string set, string member) => GuardAsync(async () => await (await redis.DatabaseAsync()).SetRemoveAsync(keys.Set(set), member));

    public Task<string[]> ListSetAsync(string set) => GuardAsync(async () =>
        Array.ConvertAll(await (await redis.DatabaseAsync()).SetMembersAsync(keys.Set(set)), member => member.ToString()));

    public bool IsShared => true;

    public Task<long> IncrementAsync(string counter, long by = 1, long above = 0) => GuardAsync(async () =>
    {
        var database = await redis.DatabaseAsync();
        var value = await database.StringIncrementAsync(keys.Counter(counter), by);
        // The counter was lost. Each step only adds, so that no value is returned twice, whoever else does the same.
        return value - by >= above ? value : await database.StringIncrementAsync(keys.Counter(counter), above - value + by);
    });

    public Task CheckWritableAsync() => GuardAsync(async () => await (await redis.DatabaseAsync()).StringSetAsync(keys.Probe, RedisValue.EmptyString));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> WriteListedAsync(StateWrite write)
    {
        var database = await redis.DatabaseAsync();
        var shard = keys.Shard(TwinShards.Of(write.Key.Id));
        if (write.Creates)
        {
            await database.SortedSetAddAsync(shard, write.Key.Id, 0);
        }

        writer.Add(write);
        if (!await write.Done)
        {
            return false;
        }

        if (!write.Exists)
        {
            await RemoveFromShardAsync(database, shard, write.Key.Id);
        }

        return true;
    }

    /// <summary>The twin is deleted already, so a failure here is none of the caller's.</summary>
    private static async Task RemoveFromShardAsync(IDatabase database, RedisKey shard, string id)
    {
        try
        {
            await database.SortedSetRemoveAsync(shard, id);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // A shard may name a twin that does not exist.
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (RedisFaults.IsOfRedis(exception))
        {
            throw redis.FaultOf(exception);
        }
    }

    private Task<bool> GuardAsync(Func<Task> call) => GuardAsync(async () =>
    {
        await call();
        return true;
    });
}
