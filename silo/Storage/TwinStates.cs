using System.Text.Json;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>The states of many twins as they are in the store, without a grain for each: the grains may be ahead of them.</summary>
internal sealed partial class TwinStates(IStateStore store, ILogger<TwinStates> logger)
{
    /// <summary>Returns the states in the order of <paramref name="ids"/>; null where there is none that can be read. All are read at once: give it a page.</summary>
    public async Task<TwinState?[]> ReadAsync(IReadOnlyList<string> ids)
    {
        var stored = await store.ReadAsync([.. ids.Select(StateKey.Twin)]);
        return Decode([.. stored.Select((state, i) => state is null ? default : new StoredTwin(ids[i], state.Data, state.IsDamaged))]);
    }

    /// <summary>Returns the states of stored twins; null where one cannot be read.</summary>
    public TwinState?[] Decode(StoredTwin[] stored)
    {
        var states = Array.ConvertAll(stored, static twin => twin.Data.IsEmpty ? null : Decode(twin.Data));
        var unreadable = Enumerable.Range(0, states.Length).Where(i => states[i] is null && !stored[i].Data.IsEmpty).ToArray();
        if (unreadable.Length > 0)
        {
            NotReadable(unreadable.Length, stored[unreadable[0]].Id);
        }

        return states;
    }

    private static TwinState? Decode(ReadOnlyMemory<byte> stored)
    {
        try
        {
            return TwinStateFormat.Read(stored);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Of a newer version, or damaged: the twin itself says so to callers. The others are not held up.
            return null;
        }
    }

    [LoggerMessage(LogEvents.TwinsNotReadable, LogLevel.Error, "Failed to read {Count} twins, {TwinId} among them: this version does not know their format. Queries do not find them.")]
    private partial void NotReadable(int count, string twinId);
}
