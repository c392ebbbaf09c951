namespace Twins.Contracts.Links;

/// <summary>What the platform can say to a device.</summary>
public enum OutgoingMessageKind
{
    /// <summary>The delta, with its revision.</summary>
    Desired = 0,

    /// <summary>A command.</summary>
    Command = 1,

    /// <summary>What was wrong with a message of the device's.</summary>
    Error = 2,

    /// <summary>The document the device asked for.</summary>
    Document = 3,

    /// <summary>Nothing for the device: a command that was cancelled must not be sent if it still waits.</summary>
    Withdrawal = 4,
}
