using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>
/// The ids of all twins, in the store: what the fleet is listed and rebuilt from. An id is added before its twin is
/// first written and removed after it is deleted, so it may name a twin that does not exist, and never misses one.
/// </summary>
internal sealed class TwinCatalog(StoreConnection store, IOptions<TwinsOptions> options)
{
    /// <summary>Sorted sets that the ids are spread over, so that each can be read and rebuilt apart.</summary>
    public const int Shards = 32;

    private readonly string _prefix = $"{options.Value.Cluster.ServiceId}/fleet/";

    public async Task Add(string id)
    {
        var database = await store.Database();
        await database.SortedSetAddAsync(Key(ShardOf(id)), id, 0);
        await store.Commit();
    }

    public async Task Remove(string id)
    {
        var database = await store.Database();
        await database.SortedSetRemoveAsync(Key(ShardOf(id)), id);
        await store.Commit();
    }

    /// <summary>Ids in ordinal order, behind <paramref name="after"/>.</summary>
    public async Task<List<string>> Page(string? after, int limit)
    {
        var database = await store.Database();
        var min = after is null ? RedisValue.Null : (RedisValue)after;
        var pages = await Task.WhenAll(Enumerable.Range(0, Shards).Select(shard =>
            database.SortedSetRangeByValueAsync(Key(shard), min, default, Exclude.Start, Order.Ascending, 0, limit)));
        return pages.SelectMany(page => page)
            .Select(value => value.ToString())
            .Order(StringComparer.Ordinal)
            .Take(limit)
            .ToList();
    }

    /// <summary>Ids of one shard in ordinal order, behind <paramref name="after"/>: for who wants all, in whatever order.</summary>
    /// <param name="shard">0 to <see cref="Shards"/> - 1.</param>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="limit">Ids at most.</param>
    public async Task<string[]> Page(int shard, string? after, int limit)
    {
        var database = await store.Database();
        var min = after is null ? RedisValue.Null : (RedisValue)after;
        var page = await database.SortedSetRangeByValueAsync(Key(shard), min, default, Exclude.Start, Order.Ascending, 0, limit);
        return Array.ConvertAll(page, value => value.ToString());
    }

    /// <summary>The shard that an id is in: 0 to <see cref="Shards"/> - 1.</summary>
    public static int ShardOf(string id)
    {
        // Ids are ASCII, of 128 characters at most.
        Span<byte> utf8 = stackalloc byte[Contracts.Twins.TwinId.MaxLength * 3];
        return (int)(XxHash32.HashToUInt32(utf8[..Encoding.UTF8.GetBytes(id, utf8)]) % Shards);
    }

    private RedisKey Key(int shard) => _prefix + shard;
}
