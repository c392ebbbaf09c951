using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>
/// References to twins for those who need one with every message: <see cref="IGrainFactory"/> looks up by reflection,
/// each time, what kind of grain an interface means.
/// </summary>
internal sealed class TwinReferences(IGrainFactory grains)
{
    private readonly Lazy<GrainReference> _any = new(() => (GrainReference)grains.GetGrain<ITwinGrain>("any"));

    /// <summary>The twin of a device.</summary>
    public ITwinGrain Of(string twinId) =>
        (ITwinGrain)grains.GetGrain(GrainId.Create(_any.Value.GrainId.Type, twinId), _any.Value.InterfaceType);
}
