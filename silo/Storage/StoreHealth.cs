using Twins.Contracts.Storage;

namespace Twins.Silo.Storage;

/// <summary>What is known of the store from its last write. Safe for any thread.</summary>
internal sealed class StoreHealth
{
    private volatile StoreException? _fault;

    /// <summary>Gets why the store does not take writes; null if it does.</summary>
    public StoreException? Fault => _fault;

    /// <summary>Notes how the last check ended.</summary>
    /// <param name="fault">Why it failed; null if it did not.</param>
    /// <returns>Whether that is news.</returns>
    public bool Set(StoreException? fault)
    {
        var before = _fault;
        _fault = fault;
        return before?.Fault != fault?.Fault;
    }
}
