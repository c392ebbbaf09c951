using Orleans.Storage;

namespace Twins.Silo.Storage.Redis;

/// <summary>Reads and clears states through Orleans' Redis provider, as bytes.</summary>
internal sealed class RedisStateProvider([FromKeyedServices(RedisStateProvider.Name)] IGrainStorage provider)
{
    /// <summary>The name that Orleans' provider is registered under.</summary>
    public const string Name = "twins-redis";

    /// <summary>Reads a state; null if there is none.</summary>
    public async Task<StoredState?> ReadAsync(StateKey key)
    {
        var state = new GrainState<StoredBytes>();
        await provider.ReadStateAsync(key.Kind.ToString(), GrainOf(key), state);
        return state.RecordExists ? new StoredState(state.ETag!, state.State!.Data) : null;
    }

    /// <summary>Clears a state; returns false if Redis holds another ETag.</summary>
    public async Task<bool> DeleteAsync(StateKey key, string etag)
    {
        try
        {
            await provider.ClearStateAsync(key.Kind.ToString(), GrainOf(key), new GrainState<StoredBytes> { ETag = etag, RecordExists = true });
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    /// <summary>The key of a state as Orleans' provider passes it to <see cref="KeyOf"/>.</summary>
    private static GrainId GrainOf(StateKey key) => GrainId.Create(key.Kind.ToString(), key.Id);

    /// <summary>Returns the state that <see cref="GrainOf"/> names.</summary>
    public static StateKey KeyOf(GrainId grain) => new(Enum.Parse<StateKind>(grain.Type.ToString()!), grain.Key.ToString()!);

    /// <summary>A state that is serialized above the store.</summary>
    internal sealed class StoredBytes
    {
        public ReadOnlyMemory<byte> Data { get; init; }
    }

    /// <summary>Passes bytes through.</summary>
    internal sealed class BytesSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(((StoredBytes)(object)input!).Data);

        public T? Deserialize<T>(BinaryData input) => (T)(object)new StoredBytes { Data = input.ToMemory() };
    }
}
