using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Whether the device is there, since when, and where.</summary>
/// <param name="Online">The device is connected, as far as is known.</param>
/// <param name="Since">Since when it is, or is not.</param>
/// <param name="LastSeen">When it last said something.</param>
/// <param name="Address">Where it hangs, or last hung; null for a device that was never seen.</param>
/// <param name="Dialect">How it speaks.</param>
/// <param name="Stale">How many of its messages were stale: all in them was older than what the twin had.</param>
internal sealed record TwinConnection(
    bool Online,
    DateTimeOffset? Since,
    DateTimeOffset? LastSeen,
    LinkAddress? Address,
    string? Dialect,
    long Stale = 0)
{
    public static TwinConnection Never { get; } = new(false, null, null, null, null);
}
