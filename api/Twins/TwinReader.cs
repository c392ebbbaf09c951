using Twins.Api.Http;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary>Reads twins: from the cache of a silo in this process where it has them, else from their grains. Thread-safe.</summary>
internal sealed class TwinReader(IGrainFactory grains, ITwinCache? cache = null)
{
    /// <summary>Returns the twin as it is, or null if there is no such twin.</summary>
    /// <param name="id">Its id.</param>
    public ValueTask<TwinView?> Read(string id) =>
        cache?.Find(id) is { } known ? ValueTask.FromResult<TwinView?>(known) : new(ReadRetry.Call(grains.Twin(id).Get));
}
