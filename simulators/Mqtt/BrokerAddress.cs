namespace Twins.Simulators.Mqtt;

/// <summary>Where a broker or gateway listens.</summary>
/// <param name="Host">A host name or an IP address.</param>
/// <param name="Port">A TCP port.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
public sealed record BrokerAddress(string Host, int Port, bool Tls = false)
{
    /// <summary>The gateway of a silo on this machine.</summary>
    public static BrokerAddress Default { get; } = new("127.0.0.1", 1883);

    /// <summary>Reads <c>mqtt://host[:port]</c> or <c>mqtts://host[:port]</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="address">The address, when the answer is true.</param>
    /// <param name="error">One sentence saying what is wrong and what would be right, when the answer is false.</param>
    public static bool TryParse(string text, out BrokerAddress address, out string error)
    {
        address = Default;
        error = string.Empty;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("mqtt" or "mqtts")
            || uri.Host.Length == 0
            || uri.PathAndQuery is not ("" or "/"))
        {
            error = $"broker \"{text}\" is not an MQTT address; write mqtt://host, mqtt://host:port or mqtts://host for TLS";
            return false;
        }

        if (uri.UserInfo.Length > 0)
        {
            error = "the broker's address holds a user name; pass it with --username and --password instead";
            return false;
        }

        var tls = uri.Scheme == "mqtts";
        address = new BrokerAddress(uri.IdnHost, uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return $"{(Tls ? "mqtts" : "mqtt")}://{host}:{Port}";
    }
}
