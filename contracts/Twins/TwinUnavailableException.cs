using Twins.Contracts.Storage;

namespace Twins.Contracts.Twins;

/// <summary>
/// The store did not take a change, or another activation of the twin wrote first. Nothing was acknowledged; the
/// same call may be made again, and will then find the twin as it is in the store.
/// </summary>
[GenerateSerializer, Alias("twins.unavailable")]
public sealed class TwinUnavailableException : Exception
{
    /// <summary>
    /// Another activation of the twin wrote first, so this change was certainly not stored: it may be repeated without
    /// asking anybody.
    /// </summary>
    [Id(0)]
    public bool IsConflict { get; init; }

    /// <summary>Gets the fault of the store that led to it; null if another cause did.</summary>
    [Id(1)]
    public StoreFault? Fault { get; init; }

    /// <summary>Creates it.</summary>
    public TwinUnavailableException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public TwinUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with what led to it.</summary>
    public TwinUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
