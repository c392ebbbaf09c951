using Twins.Contracts.Twins;

namespace Twins.Silo.Links.Gateway;

/// <summary>What a subscription at the gateway says about who subscribes.</summary>
internal static class GatewayFilters
{
    /// <summary>
    /// The device that a subscription speaks for: one that names a twin id and one of the topics that only a device
    /// is told on. Whoever watches <c>twins/{id}/#</c> is not taken for the device.
    /// </summary>
    public static string? DeviceOf(string filter) =>
        filter.Split('/') is ["twins", var id, "desired" or "commands" or "errors" or "document", ..] && TwinId.IsValid(id) ? id : null;

    /// <summary>The only device whose topics a subscription can match, where it names one; it may speak for it or watch it.</summary>
    public static string? OnlyDevice(string filter) => filter.Split('/') is ["twins", var id, ..] && TwinId.IsValid(id) ? id : null;

    /// <summary>
    /// Whether a subscription can match a topic that the platform sends on. Others carry only answers to requests whose
    /// response topic they match.
    /// </summary>
    public static bool IsOfPlatform(string filter) => filter.Split('/') switch
    {
        ["#"] or ["twins" or "+", "#"] or ["twins" or "+", _, "#" or "+" or "desired" or "errors" or "document"] => true,
        ["twins" or "+", _, "desired" or "errors" or "document", "#"] => true,
        ["twins" or "+", _, "replies" or "events" or "+", ..] => true,
        ["twins" or "+", _, "commands", "#"] or ["twins" or "+", _, "commands", _, not "response"] => true,
        ["twins" or "+", _, "commands", _, not "response", "#"] => true,
        _ => false,
    };

    /// <summary>Whether a subscription can match <c>twins/{id}/events/{kind}</c>.</summary>
    public static bool WantsEvents(string filter) => filter.Split('/') switch
    {
        ["#"] or ["twins" or "+", "#"] or ["twins" or "+", _, "#"] or ["twins" or "+", _, "events" or "+", _] => true,
        ["twins" or "+", _, "events" or "+", _, "#"] => true,
        _ => false,
    };
}
