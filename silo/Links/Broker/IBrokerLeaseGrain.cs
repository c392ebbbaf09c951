using Orleans.CodeGeneration;
using Twins.Contracts;

namespace Twins.Silo.Links.Broker;

/// <summary>Which silo holds an exclusive broker link. The key is the link's name.</summary>
[Alias("twins.broker-lease"), Version(GrainVersion.Current)]
internal interface IBrokerLeaseGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes or renews the lease; false while another silo has it. It runs out 5 s after it was last renewed.
    /// </summary>
    [Alias("hold")]
    Task<bool> Hold(string silo);

    /// <summary>Gives the lease back.</summary>
    [Alias("release")]
    Task Release(string silo);
}
