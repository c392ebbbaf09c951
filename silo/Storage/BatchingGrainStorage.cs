using System.Globalization;
using Orleans.Storage;
using StackExchange.Redis;

namespace Twins.Silo.Storage;

/// <summary>
/// Orleans' Redis provider, but for writes: these share round trips (<see cref="StoreWriter"/>). What lies in the
/// store is the same, byte for byte: <paramref name="single"/> reads what this writes, and the other way round.
/// </summary>
/// <param name="single">Orleans' provider.</param>
/// <param name="writer">Where writes go.</param>
/// <param name="store">What makes a removal durable.</param>
/// <param name="serializer">The same as the provider's.</param>
/// <param name="key">The same as the provider's.</param>
internal sealed class BatchingGrainStorage(
    IGrainStorage single,
    StoreWriter writer,
    StoreConnection store,
    IGrainStorageSerializer serializer,
    Func<string, GrainId, RedisKey> key) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        single.ReadStateAsync(stateName, grainId, grainState);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await single.ClearStateAsync(stateName, grainId, grainState);
        await store.Commit();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var write = new StoreWrite(key(stateName, grainId), grainState.ETag ?? "", NewETag(), serializer.Serialize(grainState.State).ToMemory());
        writer.Add(write);
        if (!await write.Done)
        {
            throw new InconsistentStateException(
                $"the store holds another state of {grainId} than the one that was changed", "unknown", grainState.ETag ?? "");
        }

        grainState.ETag = write.Next;
        grainState.RecordExists = true;
    }

    /// <summary>
    /// Two writers that follow the same state must not choose alike: 64 random bits, half of what Orleans takes, which
    /// a million twins keep in memory.
    /// </summary>
    private static string NewETag() => Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
