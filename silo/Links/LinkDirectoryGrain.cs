using Orleans.Concurrency;

namespace Twins.Silo.Links;

/// <summary>Keeps the links of all silos. It is lost with its silo, and filled again by the links' next renewals.</summary>
[GrainType("linkdirectory")]
[Reentrant]
[KeepAlive]
internal sealed class LinkDirectoryGrain(TimeProvider time) : Grain, ILinkDirectoryGrain
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    /// <summary>The silos of a shared broker link, and the holders of an exclusive one, have one address.</summary>
    private readonly Dictionary<LinkRegistration, DateTimeOffset> _links = [];

    public Task Register(LinkRegistration registration)
    {
        _links[registration] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task Unregister(LinkRegistration registration)
    {
        _links.Remove(registration);
        return Task.CompletedTask;
    }

    public Task<LinkRegistration[]> Links()
    {
        var now = time.GetUtcNow();
        foreach (var (registration, renewedAt) in _links)
        {
            if (now - renewedAt > Forgotten)
            {
                _links.Remove(registration);
            }
        }

        // Of those with one address, who has renewed last is the one most likely to be there.
        return Task.FromResult(_links.GroupBy(link => link.Key.Address).Select(links => links.MaxBy(link => link.Value).Key).ToArray());
    }
}
