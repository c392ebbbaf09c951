namespace Twins.Silo.Egress;

/// <summary>A silo that wants to know who listens to events.</summary>
[Alias("twins.silo-listeners")]
internal interface ISiloListeners : IGrainObserver
{
    /// <summary>These listen now.</summary>
    [Alias("update")]
    Task Update(ListenerRegistration[] listeners);
}
