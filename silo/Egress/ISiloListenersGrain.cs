using Orleans.CodeGeneration;
using Twins.Contracts;

namespace Twins.Silo.Egress;

/// <summary>The silos' side of <see cref="Contracts.Events.IEventListenersGrain"/>: the same grain.</summary>
[Alias("twins.silo-listeners-grain"), Version(GrainVersion.Current)]
internal interface ISiloListenersGrain : IGrainWithIntegerKey
{
    /// <summary>Adds or renews a silo; answers who listens.</summary>
    /// <param name="silo">Names the silo.</param>
    /// <param name="listeners">The silo.</param>
    /// <param name="known">Who listens as far as the silo knows: a grain that has just lost its memory believes it.</param>
    [Alias("watch")]
    Task<ListenerRegistration[]> Watch(string silo, ISiloListeners listeners, ListenerRegistration[] known);

    /// <summary>Removes a listener that could not be told of events; it learns with its next renewal that it missed some.</summary>
    [Alias("missed")]
    Task Missed(ListenerRegistration registration);
}
