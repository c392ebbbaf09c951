namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Mqtt:Gateway:Users:{n}</c>: a user name and password that may connect.</summary>
public sealed class GatewayUser
{
    /// <summary>The MQTT user name.</summary>
    public string Username { get; set; } = "";

    /// <summary>The MQTT password.</summary>
    public string Password { get; set; } = "";
}
