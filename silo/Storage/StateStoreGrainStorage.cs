using System.Globalization;
using Orleans.Storage;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>Orleans' view of <see cref="IStateStore"/>: grains get and set typed states, the store keeps bytes.</summary>
internal sealed class StateStoreGrainStorage(IStateStore store, StoreHealth health, IGrainStorageSerializer serializer) : IGrainStorage
{
    /// <summary>
    /// Ends the ETag of a deleted twin, so that the write that creates it again is known without reading the old state.
    /// </summary>
    private const char DeletedMark = 'd';

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await store.ReadAsync(KeyOf<T>(grainId));
        (grainState.ETag, grainState.RecordExists) = (stored?.ETag, stored is not null);
        if (stored is null)
        {
            grainState.State = Activator.CreateInstance<T>();
        }
        else if (stored.IsDamaged)
        {
            grainState.State = DamagedState<T>(stored);
        }
        else
        {
            grainState.State = serializer.Deserialize<T>(new BinaryData(stored.Data));
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var known = grainState.ETag ?? "";
        var twin = grainState.State as TwinState;
        var exists = twin?.Exists ?? true;
        var next = NewETag(exists);
        var write = new StateWrite(KeyOf<T>(grainId), known, next, serializer.Serialize(grainState.State).ToMemory())
        {
            Exists = exists,
            Creates = exists && (known.Length == 0 || known[^1] == DeletedMark),
            Revision = twin?.Revision ?? 0,
            Expiry = grainState.State is GatewaySessionState session ? SessionExpiry.InStore(session.ExpirySeconds) : null,
        };
        if (!await store.WriteAsync(write))
        {
            throw Conflict(grainId, known);
        }

        // A deletion is taken by a store that is full.
        if (exists)
        {
            health.NoteWrite();
        }

        grainState.ETag = next;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is { } known && !await store.DeleteAsync(KeyOf<T>(grainId), known))
        {
            throw Conflict(grainId, known);
        }

        (grainState.ETag, grainState.RecordExists, grainState.State) = (null, false, Activator.CreateInstance<T>());
    }

    private static InconsistentStateException Conflict(GrainId grainId, string known) =>
        new($"the store holds another state of {grainId} than the one that was changed", "unknown", known);

    private static StateKey KeyOf<T>(GrainId grainId) => new(
        typeof(T) == typeof(TwinState) ? StateKind.Twin
            : typeof(T) == typeof(GatewaySessionState) ? StateKind.Session
            : throw new NotSupportedException($"{typeof(T)} is not a stored state; add it to {nameof(StateKind)}."),
        grainId.Key.ToString()!);

    /// <summary>A damaged twin stays addressable, so that it can be deleted; a damaged session begins anew.</summary>
    private static T DamagedState<T>(StoredState stored) => typeof(T) == typeof(TwinState)
        ? (T)(object)new TwinState { IsDamaged = true, Revision = stored.Revision }
        : Activator.CreateInstance<T>();

    /// <summary>
    /// Two writers of the same state must not choose the same one: 64 random bits, half of what Orleans takes, because a million
    /// twins keep it in memory.
    /// </summary>
    private static string NewETag(bool exists)
    {
        var etag = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        return exists ? etag : etag + DeletedMark;
    }
}
