using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>
/// The client ids under which silos have, or may have, a session at a broker: one set for each link. An id is added
/// before its session begins and removed after it has ended.
/// </summary>
internal sealed class BrokerSessionStore(StoreConnection store, IOptions<TwinsOptions> options)
{
    private readonly string _prefix = $"{options.Value.Cluster.ServiceId}/broker-sessions/";

    public async Task Add(string link, string clientId)
    {
        var database = await store.Database();
        await database.SetAddAsync(_prefix + link, clientId);
        await store.Commit();
    }

    public async Task Remove(string link, string clientId)
    {
        var database = await store.Database();
        await database.SetRemoveAsync(_prefix + link, clientId);
        await store.Commit();
    }

    public async Task<string[]> Of(string link)
    {
        var database = await store.Database();
        return Array.ConvertAll(await database.SetMembersAsync(_prefix + link), id => id.ToString());
    }
}
