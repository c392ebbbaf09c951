namespace Twins.Silo.Egress;

/// <summary>The silos' side of <see cref="Contracts.Events.IEventListenersGrain"/>: the same grain.</summary>
[Alias("twins.silo-listeners-grain")]
internal interface ISiloListenersGrain : IGrainWithIntegerKey
{
    /// <summary>Adds or renews a silo; answers who listens.</summary>
    [Alias("watch")]
    Task<ListenerRegistration[]> Watch(string silo, ISiloListeners listeners);
}
