using System.Collections.Concurrent;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Shares one object among equal link addresses: a million twins of a silo have a handful of them. Safe for any thread.</summary>
internal static class LinkAddresses
{
    /// <summary>Each run of each silo has an address; the table begins again when it has this many.</summary>
    private const int Capacity = 1024;

    private static readonly ConcurrentDictionary<LinkAddress, LinkAddress> s_known = new();

    /// <summary>Returns the shared object that equals <paramref name="address"/>.</summary>
    public static LinkAddress Share(LinkAddress address)
    {
        if (s_known.TryGetValue(address, out var known))
        {
            return known;
        }

        if (s_known.Count >= Capacity)
        {
            s_known.Clear();
        }

        return s_known.GetOrAdd(address, address);
    }
}
