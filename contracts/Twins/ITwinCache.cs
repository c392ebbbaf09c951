namespace Twins.Contracts.Twins;

/// <summary>Twins of this process that were read lately and have not changed since. Thread-safe.</summary>
public interface ITwinCache
{
    /// <summary>
    /// Returns what <see cref="ITwinGrain.Get"/> would return now, or null if that is not known here. A write that was acknowledged, by any
    /// process, is visible.
    /// </summary>
    /// <param name="id">The id of the twin.</param>
    TwinView? Find(string id);
}
