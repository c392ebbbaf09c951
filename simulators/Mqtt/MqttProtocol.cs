namespace Twins.Simulators.Mqtt;

/// <summary>The MQTT versions a simulated device speaks.</summary>
public enum MqttProtocol
{
    /// <summary>MQTT 5.0.</summary>
    V5 = 0,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 1,
}
