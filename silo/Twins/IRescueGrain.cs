using Orleans.CodeGeneration;
using Twins.Contracts;

namespace Twins.Silo.Twins;

/// <summary>
/// Goes once over all twins after a silo has gone, and wakes those that nobody else would: which twins were in its
/// memory, and what they still had to say, is known to the store only. The key names the silo.
/// </summary>
[Alias("twins.rescue"), Version(GrainVersion.Current)]
internal interface IRescueGrain : IGrainWithStringKey
{
    /// <summary>Begins where it has not begun; true when it is done. Should its own silo go, the next call begins again.</summary>
    [Alias("done")]
    Task<bool> Done();
}
