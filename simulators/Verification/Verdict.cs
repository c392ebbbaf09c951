namespace Twins.Simulators.Verification;

/// <summary>What can be wrong with a property of a twin.</summary>
internal enum Verdict
{
    /// <summary>It was acknowledged, and the twin or the property is not there.</summary>
    Lost,

    /// <summary>The twin has a value that the device sent before the one that was acknowledged.</summary>
    Stale,

    /// <summary>An earlier look saw a later value, or a higher revision.</summary>
    Backwards,

    /// <summary>The twin has a value that the device never sent.</summary>
    Wrong,
}
