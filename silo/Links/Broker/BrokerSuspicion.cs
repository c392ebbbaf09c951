namespace Twins.Silo.Links.Broker;

/// <summary>What is known of a publish that may make a broker end the connection.</summary>
internal enum BrokerSuspicion
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was under way when a connection ended: it is sent alone.</summary>
    Suspected = 1,

    /// <summary>It was under way alone too often: it is not sent any more.</summary>
    SetAside = 2,
}
