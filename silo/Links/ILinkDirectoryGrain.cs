using Orleans.CodeGeneration;
using Twins.Contracts;

namespace Twins.Silo.Links;

/// <summary>Which links are up in the cluster. One grain, key 0, in memory: links renew.</summary>
[Alias("twins.link-directory"), Version(GrainVersion.Current)]
internal interface ILinkDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Adds or renews a link; one that is not renewed within 30 s is forgotten.</summary>
    [Alias("register")]
    Task Register(LinkRegistration registration);

    /// <summary>Takes a link out; others with its address stay.</summary>
    [Alias("unregister")]
    Task Unregister(LinkRegistration registration);

    /// <summary>The links that are up, one for each address.</summary>
    [Alias("links")]
    Task<LinkRegistration[]> Links();
}
