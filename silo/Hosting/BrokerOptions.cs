namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Mqtt:Brokers:{n}</c>: a broker that the silo is a client of.</summary>
public sealed class BrokerOptions
{
    /// <summary>Names the link in documents, logs and metrics: 1–64 letters, digits, <c>._-</c>; not <c>gateway</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>mqtt://host:port</c>, or <c>mqtts://host:port</c> for TLS; ports 1883 and 8883 if absent.</summary>
    public string Uri { get; set; } = "";

    /// <summary>The MQTT user name.</summary>
    /// <value>Default: none.</value>
    public string? Username { get; set; }

    /// <summary>The MQTT password.</summary>
    /// <value>Default: none.</value>
    public string? Password { get; set; }

    /// <summary>Path of a PEM file with the authority, or authorities, that sign brokers' certificates.</summary>
    /// <value>Default: none, the machine's own trust.</value>
    public string? CertificateAuthority { get; set; }

    /// <summary>Whether one silo holds the link, or all share its messages.</summary>
    /// <value>Default: <see cref="BrokerLinkMode.Exclusive"/>.</value>
    public BrokerLinkMode Mode { get; set; } = BrokerLinkMode.Exclusive;

    /// <summary>The share group of <see cref="BrokerLinkMode.Shared"/>.</summary>
    /// <value>Default: <c>twins</c>.</value>
    public string Group { get; set; } = "twins";

    /// <summary>Whether application events (<c>twins/{id}/events/{kind}</c>) are published to this broker.</summary>
    /// <value>Default: false.</value>
    public bool Events { get; set; }

    /// <summary>Which of them: a filter (RQL) that holds for the twin's document after the event.</summary>
    /// <value>Default: empty, all events.</value>
    public string EventFilter { get; set; } = "";

    /// <summary>How many messages may be unacknowledged in each direction: MQTT's Receive Maximum.</summary>
    /// <value>1 to 65,535; default 1,024.</value>
    public int Window { get; set; } = 1024;

    /// <summary>
    /// The MQTT version: <c>5</c>, <c>3.1.1</c>, or <c>Auto</c>, which falls back to 3.1.1 when the broker does not speak MQTT 5.
    /// </summary>
    /// <value>Default: <c>Auto</c>.</value>
    public string Protocol { get; set; } = "Auto";

    /// <summary>What a member that is null in a report from this broker does.</summary>
    /// <value>Default: <see cref="NullHandling.Remove"/>.</value>
    public NullHandling Nulls { get; set; } = NullHandling.Remove;
}
