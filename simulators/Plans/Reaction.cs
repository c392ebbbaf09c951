namespace Twins.Simulators.Plans;

/// <summary>What a device does when something is desired of it.</summary>
internal enum Reaction
{
    /// <summary>Takes it and reports it.</summary>
    Accept,

    /// <summary>Reports what it has instead, so that the delta stays.</summary>
    Reject,

    /// <summary>Says nothing.</summary>
    Ignore,
}
