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
}
