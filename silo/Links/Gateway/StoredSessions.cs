using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;

namespace Twins.Silo.Links.Gateway;

/// <summary>Stored sessions, past the grain that writes them: how long they may lie, and how they are read when it does not answer.</summary>
internal sealed class StoredSessions(StoreConnection store, IGrainFactory grains, IOptions<TwinsOptions> options)
{
    /// <summary>The name of the grain's state.</summary>
    public const string StateName = "session";

    private readonly StateKeys _keys = new(options.Value.Cluster.ServiceId);

    /// <summary>Has the store drop a session by itself. What is written later does not change that.</summary>
    public async Task DropAfter(string clientId, TimeSpan time)
    {
        var database = await store.Database();
        await database.KeyExpireAsync(KeyOf(clientId), time);
    }

    /// <summary>Reads a session; null where none is stored.</summary>
    public async Task<GatewaySessionState?> Read(string clientId)
    {
        var database = await store.Database();
        // Where Orleans' provider keeps a state; it is empty after the state was cleared.
        var data = (ReadOnlyMemory<byte>)await database.HashGetAsync(KeyOf(clientId), "data");
        return data.IsEmpty ? null : GatewaySessionFormat.Read(data);
    }

    private RedisKey KeyOf(string clientId) => _keys.Of(StateName, grains.GetGrain<IGatewaySessionGrain>(clientId).GetGrainId());
}
