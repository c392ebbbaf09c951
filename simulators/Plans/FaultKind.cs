namespace Twins.Simulators.Plans;

/// <summary>What can be made to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>Connections end without a word, all at the same moment, and come back by back-off.</summary>
    Disconnect,

    /// <summary>A connection ends again and again.</summary>
    Flap,

    /// <summary>A message is sent twice, the second time marked as a duplicate.</summary>
    Duplicate,

    /// <summary>A report is sent behind later ones.</summary>
    Reorder,

    /// <summary>The device's clock is off.</summary>
    Skew,

    /// <summary>A property keeps its value.</summary>
    Stuck,

    /// <summary>A property wanders off.</summary>
    Drift,

    /// <summary>A payload is no JSON object.</summary>
    Malformed,

    /// <summary>What is sent to the device is read slowly.</summary>
    Slow,

    /// <summary>The device is gone and its socket is not: nothing is read, written or closed.</summary>
    HalfOpen,
}
