namespace Twins.Contracts.Twins;

/// <summary>References to twins.</summary>
public static class TwinGrains
{
    /// <summary>Any reference to a twin; it has the types that all have. Null before the first.</summary>
    private static GrainReference? s_any;

    /// <summary>
    /// Returns the twin of a device. <see cref="IGrainFactory.GetGrain{TGrainInterface}(string, string?)"/> finds out by reflection, each time,
    /// which grain an interface means; that is an eighth of the cost of a read over REST.
    /// </summary>
    /// <param name="grains">The factory.</param>
    /// <param name="id">The id of the twin.</param>
    public static ITwinGrain Twin(this IGrainFactory grains, string id)
    {
        if (s_any is { } any)
        {
            return (ITwinGrain)grains.GetGrain(GrainId.Create(any.GrainId.Type, id), any.InterfaceType);
        }

        var twin = grains.GetGrain<ITwinGrain>(id);
        s_any = twin as GrainReference;
        return twin;
    }
}
