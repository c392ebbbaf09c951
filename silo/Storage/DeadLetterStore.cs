using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Contracts.Fleet;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>The dead letters, newest kept up to the capacity: one sorted set, ordered by their ids, which sort by time.</summary>
internal sealed class DeadLetterStore(StoreConnection store, IOptions<TwinsOptions> options)
{
    private readonly RedisKey _key = $"{options.Value.Cluster.ServiceId}/deadletters";
    private readonly int _capacity = options.Value.DeadLetters.Capacity;

    public async Task Add(DeadLetter letter)
    {
        var database = await store.Database();
        var member = letter.Id + JsonSerializer.Serialize(letter, DeadLetterJson.Default.DeadLetter);
        // Both leave in one packet; the second is only housekeeping and may be repeated.
        var added = database.SortedSetAddAsync(_key, member, 0);
        var trimmed = database.SortedSetRemoveRangeByRankAsync(_key, 0, -(_capacity + 1));
        await added;
        await trimmed;
        await store.Commit();
    }

    public async Task<DeadLetter[]> List(string? before, int limit)
    {
        var database = await store.Database();
        var max = before is null ? RedisValue.Null : (RedisValue)before;
        var members = await database.SortedSetRangeByValueAsync(_key, default, max, Exclude.Stop, Order.Descending, 0, limit);
        return Array.ConvertAll(members, Parse);
    }

    private static DeadLetter Parse(RedisValue member)
    {
        var text = member.ToString();
        return JsonSerializer.Deserialize(text.AsSpan(text.IndexOf('{', StringComparison.Ordinal)), DeadLetterJson.Default.DeadLetter)!;
    }
}
