using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Whether the device is there, since when, and where. There is one for each twin in memory: times are kept as ticks.</summary>
internal sealed record TwinConnection
{
    private readonly long _since;
    private readonly long _lastSeen;

    public static TwinConnection Never { get; } = new();

    /// <summary>Gets whether the device is connected, as far as is known.</summary>
    public bool Online { get; init; }

    /// <summary>Gets since when it is, or is not; null for a device that was never seen.</summary>
    public DateTimeOffset? Since
    {
        get => Ticks.ToTime(_since);
        init => _since = Ticks.Of(value);
    }

    /// <summary>Gets when it last sent a message; null for a device that was never seen.</summary>
    public DateTimeOffset? LastSeen
    {
        get => Ticks.ToTime(_lastSeen);
        init => _lastSeen = Ticks.Of(value);
    }

    /// <summary>Gets the link that it is, or was last, connected to; null for a device that was never seen.</summary>
    public LinkAddress? Address { get; init; }

    /// <summary>Gets the dialect of its messages.</summary>
    public string? Dialect { get; init; }

    /// <summary>Gets how many of its messages were stale: all in them was older than what the twin had.</summary>
    public long Stale { get; init; }
}
