namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Mqtt</c>: how devices reach the platform.</summary>
public sealed class MqttOptions
{
    /// <summary>Devices connect straight to the silo.</summary>
    public GatewayOptions Gateway { get; set; } = new();

    /// <summary>The silo is a client of these brokers.</summary>
    public List<BrokerOptions> Brokers { get; set; } = [];
}
