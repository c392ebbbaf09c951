using System.Text.Json;
using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>The states of many twins as they lie in the store, without a grain for each: what is in memory may be ahead of them.</summary>
internal sealed partial class TwinStates(StoreConnection store, TwinReferences twins, IOptions<TwinsOptions> options, ILogger<TwinStates> logger)
{
    /// <summary>The name of the state in <see cref="TwinGrain"/>.</summary>
    private const string StateName = "twin";

    private readonly StateKeys _keys = new(options.Value.Cluster.ServiceId);

    /// <summary>The states in the order of <paramref name="ids"/>; null where there is none that can be read. All are asked for at once: give it a page.</summary>
    public async Task<TwinState?[]> Read(IReadOnlyList<string> ids)
    {
        var database = await store.Database();
        var stored = await Task.WhenAll(ids.Select(id => database.HashGetAsync(_keys.Of(StateName, twins.Of(id).GetGrainId()), "data")));
        var states = Array.ConvertAll(stored, data => data.IsNullOrEmpty ? null : Read((byte[])data!));
        var unreadable = Enumerable.Range(0, states.Length).Where(i => states[i] is null && !stored[i].IsNullOrEmpty).ToArray();
        if (unreadable.Length > 0)
        {
            NotReadable(unreadable.Length, ids[unreadable[0]]);
        }

        return states;
    }

    private static TwinState? Read(byte[] stored)
    {
        try
        {
            return TwinStateFormat.Read(stored);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Of a newer version, or spoilt: who asks for the twin itself is told so. The others are not held up.
            return null;
        }
    }

    [LoggerMessage(LogEvents.TwinsNotReadable, LogLevel.Error, "{Count} twins, {TwinId} among them, are in the store in a form that this version can not read; queries do not find them.")]
    private partial void NotReadable(int count, string twinId);
}
