namespace Twins.Silo.Links.Broker;

/// <summary>What follows for the MQTT version after a broker refused a connection.</summary>
internal enum BrokerProtocolStep
{
    /// <summary>The version is not the reason.</summary>
    Keep = 0,

    /// <summary>The version may be the reason: the link tries the same version once more.</summary>
    TryAgain = 1,

    /// <summary>The version is the reason: the link continues with MQTT 3.1.1.</summary>
    FallBack = 2,
}
