namespace Twins.Silo.Links.Broker;

/// <summary>Why a broker link does not connect, or lost its connection.</summary>
/// <param name="Kind">The kind; in snake case it is the label <c>reason</c> of <c>twins_broker_failures_total</c>.</param>
/// <param name="Text">The reason and the remedy, without secrets: for the log and the health details.</param>
internal sealed record BrokerRefusal(BrokerRefusalKind Kind, string Text)
{
    /// <summary>Gets whether only another setting, here or at the broker, helps: the link tries again after a minute.</summary>
    public bool IsLasting => Kind is BrokerRefusalKind.SharedSubscriptions or BrokerRefusalKind.WildcardSubscriptions or BrokerRefusalKind.Banned;

    /// <summary>Gets the label of the metric.</summary>
    public string Label => Kind switch
    {
        BrokerRefusalKind.HostUnknown => "host_unknown",
        BrokerRefusalKind.ConnectionRefused => "connection_refused",
        BrokerRefusalKind.Unreachable => "unreachable",
        BrokerRefusalKind.Tls => "tls",
        BrokerRefusalKind.NoAnswer => "no_answer",
        BrokerRefusalKind.ClosedAtConnect => "closed_at_connect",
        BrokerRefusalKind.ProtocolVersion => "protocol_version",
        BrokerRefusalKind.Credentials => "credentials",
        BrokerRefusalKind.NotAuthorized => "not_authorized",
        BrokerRefusalKind.ClientId => "client_id",
        BrokerRefusalKind.Banned => "banned",
        BrokerRefusalKind.Quota => "quota",
        BrokerRefusalKind.Unavailable => "unavailable",
        BrokerRefusalKind.Moved => "moved",
        BrokerRefusalKind.Subscription => "subscription",
        BrokerRefusalKind.SharedSubscriptions => "shared_subscriptions",
        BrokerRefusalKind.WildcardSubscriptions => "wildcard_subscriptions",
        BrokerRefusalKind.TakenOver => "taken_over",
        BrokerRefusalKind.Packet => "packet",
        BrokerRefusalKind.Closed => "closed",
        _ => "other",
    };
}
