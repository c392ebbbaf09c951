using System.Globalization;

namespace Twins.Simulators.Mqtt;

/// <summary>Where a broker or gateway listens.</summary>
/// <param name="Host">A host name or an IP address.</param>
/// <param name="Port">A TCP port.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
/// <param name="WebSocketPath">With WebSockets the path, beginning with <c>/</c>; null: plain MQTT.</param>
public sealed record BrokerAddress(string Host, int Port, bool Tls = false, string? WebSocketPath = null)
{
    // What brokers listen on unless told otherwise: Mosquitto's and EMQX's clients, paho and HiveMQ all agree.
    private const string DefaultWebSocketPath = "/mqtt";

    /// <summary>The gateway of a silo on this machine.</summary>
    public static BrokerAddress Default { get; } = new("127.0.0.1", 1883);

    /// <summary>
    /// Reads <c>mqtt://host[:port]</c>, <c>mqtts://host[:port]</c> for TLS, <c>ws://host[:port][/path]</c> for WebSockets,
    /// or <c>wss://host[:port][/path]</c> for both; <c>host[:port]</c> alone is <c>mqtt://</c>. Ports: 1883, 8883, 80 and 443; path: <c>/mqtt</c>.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="address">The address, when the answer is true.</param>
    /// <param name="error">One sentence saying what is wrong and what would be right, when the answer is false.</param>
    public static bool TryParse(string text, out BrokerAddress address, out string error)
    {
        address = Default;
        error = string.Empty;
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : "mqtt://" + text;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss")
            || uri.Host.Length == 0)
        {
            error = $"broker \"{text}\" is not an MQTT address; write host:port, mqtt://host:port, mqtts://host for TLS, or ws://host/path and wss://host/path for WebSockets";
            return false;
        }

        if (uri.UserInfo.Length > 0)
        {
            error = "the broker's address holds a user name; pass it with --username and --password instead";
            return false;
        }

        var tls = uri.Scheme is "mqtts" or "wss";
        var webSockets = uri.Scheme is "ws" or "wss";
        if (!webSockets && uri.PathAndQuery is not ("" or "/"))
        {
            error = $"broker \"{text}\" has a path, which only WebSockets have; write {uri.Scheme}://{uri.Authority}, or {(tls ? "wss" : "ws")}://{uri.Authority}{uri.PathAndQuery}";
            return false;
        }

        if (uri.Fragment.Length > 0)
        {
            error = $"broker \"{text}\" ends in \"{uri.Fragment}\", which says nothing about where it listens; leave it out";
            return false;
        }

        if (uri.Port == 0)
        {
            error = $"broker \"{text}\" has port 0; ports are 1 to 65535";
            return false;
        }

        var path = !webSockets ? null : uri.PathAndQuery is "" or "/" ? DefaultWebSocketPath : uri.PathAndQuery;
        address = new BrokerAddress(uri.IdnHost, uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls, path);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var scheme = WebSocketPath is null ? "mqtt" : "ws";
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}{(Tls ? "s" : "")}://{host}:{Port}{WebSocketPath}");
    }
}
