using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>
/// Keeps everything that is durable: the states of twins and gateway sessions, dead letters, named sets and counters. Grains, links
/// and the API know only this interface; <see cref="Sqlite.SqliteStateStore"/> is the embedded store of one silo and
/// <see cref="Redis.RedisStateStore"/> the store of a cluster. Every method returns when its change is durable, and throws
/// <see cref="StoreException"/> if it is not. Safe for any thread.
/// </summary>
internal interface IStateStore : IAsyncDisposable
{
    /// <summary>Opens the store, and creates it if there is none.</summary>
    /// <exception cref="Hosting.StartupRefusedException">The store cannot be used; the message says why and what to do.</exception>
    Task OpenAsync();

    /// <summary>Reads one state; null if there is none.</summary>
    Task<StoredState?> ReadAsync(StateKey key);

    /// <summary>Reads many states without activating their grains, in the order of <paramref name="keys"/>; null where there is none. Give it a page: all are read at once.</summary>
    Task<StoredState?[]> ReadAsync(IReadOnlyList<StateKey> keys);

    /// <summary>Writes a state if the store holds <see cref="StateWrite.Known"/>; returns false if it holds another ETag.</summary>
    Task<bool> WriteAsync(StateWrite write);

    /// <summary>Removes a state if the store holds <paramref name="etag"/>; returns false if it holds another one.</summary>
    Task<bool> DeleteAsync(StateKey key, string etag);

    /// <summary>Returns the ids of twins that exist, in ordinal order, after <paramref name="after"/> (null: from the first).</summary>
    Task<string[]> ListTwinsAsync(string? after, int limit);

    /// <summary>Reads the twins of one shard that exist, in an order of the store's choice.</summary>
    /// <param name="shard">0 to <see cref="TwinShards.Count"/> - 1.</param>
    /// <param name="after"><see cref="ShardPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="limit">Twins at most.</param>
    Task<ShardPage> ReadShardAsync(int shard, string? after, int limit);

    /// <summary>Gets whether a row that is not found is known not to exist.</summary>
    bool IsVerified { get; }

    /// <summary>
    /// Verifies all stored rows once after <see cref="OpenAsync"/>, and returns all twins, deleted ones included, page by page on the way. Returns null if the
    /// store needs no verification. Until the last page was taken, a read that finds nothing throws
    /// <see cref="StoreFault.Verifying"/>.
    /// </summary>
    /// <exception cref="Hosting.StartupRefusedException">The store is damaged.</exception>
    IAsyncEnumerable<StoredTwin[]>? VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Adds a dead letter, and removes the oldest ones beyond the capacity.</summary>
    Task AddDeadLetterAsync(StoredDeadLetter letter);

    /// <summary>Returns dead letters, newest first, with ids below <paramref name="before"/> (null: from the newest).</summary>
    Task<ReadOnlyMemory<byte>[]> ListDeadLettersAsync(string? before, int limit);

    /// <summary>Adds a member to a named set.</summary>
    Task AddToSetAsync(string set, string member);

    /// <summary>Removes a member from a named set.</summary>
    Task RemoveFromSetAsync(string set, string member);

    /// <summary>Returns the members of a named set.</summary>
    Task<string[]> ListSetAsync(string set);

    /// <summary>Gets whether other processes use the store as well.</summary>
    bool IsShared { get; }

    /// <summary>Adds to a counter, which begins at 0, and returns its new value. It never returns the same value twice.</summary>
    /// <param name="counter">The name of the counter.</param>
    /// <param name="by">The number to add; at least 1.</param>
    /// <param name="above">The counter continues from here if it is lower.</param>
    Task<long> IncrementAsync(string counter, long by = 1, long above = 0);

    /// <summary>Writes something small, durably.</summary>
    /// <exception cref="StoreException">The store does not take writes; <see cref="StoreException.Fault"/> says why.</exception>
    Task CheckWritableAsync();
}
