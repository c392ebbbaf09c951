using System.Collections.Concurrent;

namespace Twins.Silo.Health;

/// <summary>Holds how each broker link of this process is; empty in a process without a silo. Safe for any thread.</summary>
public sealed class LinkStates
{
    private readonly ConcurrentDictionary<string, LinkHealth> _links = new(StringComparer.Ordinal);

    /// <summary>Sets the state of a link, and returns it.</summary>
    public LinkHealth Set(LinkHealth link) => _links[link.Name] = link;

    /// <summary>Returns the state of each link, ordered by name.</summary>
    public IReadOnlyList<LinkHealth> Read() => [.. _links.Values.OrderBy(link => link.Name, StringComparer.Ordinal)];
}
