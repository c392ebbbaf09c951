namespace Twins.Contracts.Links;

/// <summary>What became of an outgoing message.</summary>
public enum DeliveryResult
{
    /// <summary>In the device's session (gateway) or acknowledged by the broker (broker link).</summary>
    Delivered = 0,

    /// <summary>The device is not connected where the twin believed it to be.</summary>
    NotConnected = 1,

    /// <summary>The device is connected and has no subscription that matches.</summary>
    NotSubscribed = 2,

    /// <summary>The queue to the device, or to the broker, is full: try again later.</summary>
    Busy = 3,

    /// <summary>The link is down: try again later.</summary>
    LinkDown = 4,

    /// <summary>The device hangs elsewhere than the twin believed, and the twin has been told where: send it again.</summary>
    Moved = 5,

    /// <summary>The message is larger than the broker accepts: it is not sent again.</summary>
    TooLarge = 6,

    /// <summary>The broker does not accept the message: it is not sent again.</summary>
    Refused = 7,
}
