using Orleans.CodeGeneration;
using Twins.Contracts;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// Which silo holds something of a broker link that only one may: the link, a session, the telling of events. The key
/// names it.
/// </summary>
[Alias("twins.broker-lease"), Version(GrainVersion.Current)]
internal interface IBrokerLeaseGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes or renews the lease. It runs out 5 s after it was last renewed, and at once when its holder's silo is dead.
    /// </summary>
    /// <param name="silo">Who wants it.</param>
    /// <param name="known">Who had it, as far as that silo knows: a lease that has just lost its memory believes it.</param>
    /// <param name="owner">It is this silo's by right: who holds it meanwhile gives it up with its next renewal.</param>
    /// <returns>Who has it.</returns>
    [Alias("hold")]
    [ResponseTimeout("00:00:03")]
    Task<string> Hold(string silo, string? known, bool owner);

    /// <summary>Gives the lease back.</summary>
    [Alias("release")]
    [ResponseTimeout("00:00:03")]
    Task Release(string silo);
}
