namespace Twins.Simulators.Mqtt;

/// <summary>
/// A device's way to its broker: a connection of its own, or one that it shares with others behind the same gateway.
/// Safe for any thread.
/// </summary>
internal sealed class DeviceSession(ClientSession client, IDeviceBehavior device)
{
    /// <summary>
    /// How many messages of a device may be unacknowledged or wait to be sent before readings are skipped: what a small
    /// device has memory for. Behind a gateway it is also a device's share, so that no device crowds out the others.
    /// </summary>
    public const int Window = 16;

    /// <summary>How many messages of a device wait to be sent, across outages, before further ones are dropped.</summary>
    public const int UnsentLimit = 256;

    public IDeviceBehavior Device => device;

    public string Id => device.Id;

    /// <summary>Messages that still want an acknowledgement, or to be sent.</summary>
    public int Outstanding => client.OutstandingOf(this);

    /// <summary>Whether <see cref="TryPublish"/> would publish now.</summary>
    public bool CanPublish => client.CanPublish(this);

    /// <summary>Of this device's, not sent yet. Guarded by the client's lock, as is everything below.</summary>
    internal Queue<OutgoingMessage> Unsent { get; } = new();

    /// <summary>Sent and not acknowledged, or to be sent again.</summary>
    internal int Underway { get; set; }

    /// <summary>The last <c>online</c> or <c>offline</c>, until it is acknowledged.</summary>
    internal OutgoingMessage? Announcing { get; set; }

    /// <summary>Notes that a message is no longer under way.</summary>
    internal void Settled(OutgoingMessage message)
    {
        Underway--;
        Announcing = Announcing == message ? null : Announcing;
    }

    /// <summary>Publishes now or not at all: false when the device is offline or has too much unacknowledged.</summary>
    public bool TryPublish(OutgoingMessage message) => client.TryPublish(this, message);

    /// <summary>Publishes as soon as possible, across outages.</summary>
    public void Publish(OutgoingMessage message) => client.Publish(this, message);

    /// <summary>
    /// Drops the connection without a word, and connects again after the pause: what a reboot looks like from outside.
    /// Devices that share the connection lose it together. While there is no connection none is made before the pause is over.
    /// </summary>
    public void Restart(TimeSpan pause) => client.Restart(pause);

    /// <summary>
    /// Makes the connection a slow reader: every message to it takes so long before it is handled and acknowledged, and
    /// nothing behind it is read meanwhile, so that TCP pushes back. Until changed, or the session's end.
    /// </summary>
    /// <param name="perMessage">By the engine's clock; zero: as fast as can be.</param>
    public void Slow(TimeSpan perMessage) => client.Slow(perMessage);

    /// <summary>
    /// Makes the connection half-open: for so long nothing is read, sent, acknowledged, pinged or closed. Then the device
    /// connects anew as if it had lost power, and the old socket is closed, without a DISCONNECT, only when it is
    /// superseded. What is published meanwhile waits. Nothing happens while there is no connection, or a frozen one.
    /// </summary>
    public void Freeze(TimeSpan span) => client.Freeze(span);
}
