using Orleans.Concurrency;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>Keeps the links of all silos. It is lost with its silo, and filled again by the links' next renewals.</summary>
[Reentrant]
[KeepAlive]
internal sealed class LinkDirectoryGrain(TimeProvider time) : Grain, ILinkDirectoryGrain
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private readonly Dictionary<LinkAddress, (LinkRegistration Registration, DateTimeOffset RenewedAt)> _links = [];

    public Task Register(LinkRegistration registration)
    {
        _links[registration.Address] = (registration, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task Unregister(LinkRegistration registration)
    {
        // The silos of a shared broker link, and the holders of an exclusive one, have one address.
        if (_links.TryGetValue(registration.Address, out var known) && known.Registration.Link.Equals(registration.Link))
        {
            _links.Remove(registration.Address);
        }

        return Task.CompletedTask;
    }

    public Task<LinkRegistration[]> Links()
    {
        var now = time.GetUtcNow();
        foreach (var (address, link) in _links)
        {
            if (now - link.RenewedAt > Forgotten)
            {
                _links.Remove(address);
            }
        }

        return Task.FromResult(_links.Values.Select(link => link.Registration).ToArray());
    }
}
