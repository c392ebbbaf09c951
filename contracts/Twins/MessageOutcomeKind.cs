namespace Twins.Contracts.Twins;

/// <summary>What became of a device's message.</summary>
public enum MessageOutcomeKind
{
    /// <summary>It changed the twin, or was answered.</summary>
    Applied = 0,

    /// <summary>Everything in it was known already, or older than what is.</summary>
    Stale = 1,

    /// <summary>It can not be applied and becomes a dead letter.</summary>
    Rejected = 2,

    /// <summary>It says nothing: it clears a retained message. Links decide that; twins do not return it.</summary>
    Ignored = 3,

    /// <summary>
    /// Another connection has the right under which the message was received. The message is not acknowledged, does not become a dead
    /// letter, and its connection is closed.
    /// </summary>
    Fenced = 4,
}
