namespace Twins.Silo.Links.Gateway;

/// <summary>A client's connection to the gateway, and the devices it speaks for. Safe for any thread.</summary>
/// <param name="session">The client's session, which outlives the connection where the client asked for that.</param>
internal sealed class GatewayConnection(GatewaySession session)
{
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private HashSet<string>? _commands;
    private bool _closed;

    public GatewaySession Session => session;

    public GatewayChannel Channel => session.Channel;

    /// <summary>Notes that the connection speaks for a device; false if it did already, or is closed.</summary>
    public bool Bind(string twinId)
    {
        lock (_devices)
        {
            return !_closed && _devices.Add(twinId);
        }
    }

    /// <summary>Whether it speaks for a device.</summary>
    public bool SpeaksFor(string twinId)
    {
        lock (_devices)
        {
            return !_closed && _devices.Contains(twinId);
        }
    }

    /// <summary>Notes that it has subscribed to a device's commands; true the first time.</summary>
    public bool HearsCommandsOf(string twinId)
    {
        lock (_devices)
        {
            return (_commands ??= new(StringComparer.Ordinal)).Add(twinId);
        }
    }

    /// <summary>The devices it speaks for now.</summary>
    public string[] Devices()
    {
        lock (_devices)
        {
            return [.. _devices];
        }
    }

    /// <summary>Ends the connection; answers the devices it spoke for.</summary>
    public string[] Close()
    {
        lock (_devices)
        {
            _closed = true;
            return [.. _devices];
        }
    }
}
