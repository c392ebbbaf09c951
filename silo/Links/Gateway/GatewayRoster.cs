using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Twins.Silo.Links.Gateway;

/// <summary>Which connections speak for which device. Safe for any thread.</summary>
internal sealed class GatewayRoster
{
    private readonly ConcurrentDictionary<string, ImmutableArray<GatewayConnection>> _devices = new(StringComparer.Ordinal);

    public ImmutableArray<GatewayConnection> Of(string twinId) => _devices.TryGetValue(twinId, out var connections) ? connections : [];

    public void Add(string twinId, GatewayConnection connection) => _devices.AddOrUpdate(
        twinId,
        static (_, added) => [added],
        static (_, known, added) => known.Contains(added) ? known : known.Add(added),
        connection);

    /// <summary>Takes a connection out; true if it was the device's last.</summary>
    public bool Remove(string twinId, GatewayConnection connection)
    {
        while (_devices.TryGetValue(twinId, out var known))
        {
            var rest = known.Remove(connection);
            if (rest.IsEmpty
                ? _devices.TryRemove(new KeyValuePair<string, ImmutableArray<GatewayConnection>>(twinId, known))
                : _devices.TryUpdate(twinId, rest, known))
            {
                return rest.IsEmpty;
            }
        }

        return false;
    }
}
