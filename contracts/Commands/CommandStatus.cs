namespace Twins.Contracts.Commands;

/// <summary>How far a command got.</summary>
public enum CommandStatus
{
    /// <summary>Stored, not yet handed to the device's link.</summary>
    Pending = 0,

    /// <summary>Handed to the device's link.</summary>
    Sent = 1,

    /// <summary>The device answered, whatever its status.</summary>
    Answered = 2,

    /// <summary>No answer came in time.</summary>
    TimedOut = 3,

    /// <summary>Cancelled by an application.</summary>
    Cancelled = 4,

    /// <summary>It could not be handed to the device.</summary>
    Undeliverable = 5,
}
