using StackExchange.Redis;

namespace Twins.Silo.Storage.Redis;

/// <summary>The keys of everything that is kept in Redis.</summary>
/// <param name="serviceId">Platforms that share a Redis are told apart by it.</param>
internal sealed class RedisKeys(string serviceId)
{
    /// <summary>The sorted set of dead letters, by id.</summary>
    public RedisKey DeadLetters { get; } = $"{serviceId}/deadletters";

    /// <summary>The key that <see cref="IStateStore.CheckWritableAsync"/> writes.</summary>
    public RedisKey Probe { get; } = $"{serviceId}/probe";

    /// <summary>The hash of a state, spelled as Orleans' provider does, for example <c>twins/state/twin/acme:pump-1/twin</c>.</summary>
    public RedisKey Of(StateKey key) => key.Kind switch
    {
        StateKind.Twin => $"{serviceId}/state/twin/{key.Id}/twin",
        StateKind.Session => $"{serviceId}/state/gatewaysession/{key.Id}/session",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, message: null),
    };

    /// <summary>The sorted set of the ids of the twins of a shard.</summary>
    public RedisKey Shard(int shard) => $"{serviceId}/fleet/{shard}";

    /// <summary>A named set.</summary>
    public RedisKey Set(string name) => $"{serviceId}/{name}";

    /// <summary>A counter.</summary>
    public RedisKey Counter(string name) => $"{serviceId}/counters/{name}";

    /// <summary>The dead letters of one twin, or of messages that name none.</summary>
    public RedisKey DeadLettersOf(string? twinId) => $"{serviceId}/deadletters/{twinId}";
}
