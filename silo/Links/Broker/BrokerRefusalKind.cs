namespace Twins.Silo.Links.Broker;

/// <summary>Why a broker link does not connect, or lost its connection.</summary>
internal enum BrokerRefusalKind
{
    /// <summary>None of the others.</summary>
    Other = 0,

    /// <summary>The name of the host cannot be resolved.</summary>
    HostUnknown,

    /// <summary>Nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>The host cannot be reached.</summary>
    Unreachable,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The broker did not answer in time.</summary>
    NoAnswer,

    /// <summary>The broker closed the connection without an answer to CONNECT.</summary>
    ClosedAtConnect,

    /// <summary>The broker does not speak this MQTT version.</summary>
    ProtocolVersion,

    /// <summary>User name or password are wrong.</summary>
    Credentials,

    /// <summary>The user may not do this.</summary>
    NotAuthorized,

    /// <summary>The broker does not accept the client id.</summary>
    ClientId,

    /// <summary>The broker has banned the client.</summary>
    Banned,

    /// <summary>A quota or a rate of the broker is used up.</summary>
    Quota,

    /// <summary>The broker is busy, starting or shutting down.</summary>
    Unavailable,

    /// <summary>The broker asks to use another server.</summary>
    Moved,

    /// <summary>The broker refused a subscription.</summary>
    Subscription,

    /// <summary>The broker has no shared subscriptions.</summary>
    SharedSubscriptions,

    /// <summary>The broker has no wildcard subscriptions.</summary>
    WildcardSubscriptions,

    /// <summary>Another client connected with the client id of the link.</summary>
    TakenOver,

    /// <summary>The broker closed the connection because of what the link sent.</summary>
    Packet,

    /// <summary>The connection ended without a reason.</summary>
    Closed,
}
