namespace Twins.Contracts.Json;

/// <summary>By what a message, and so a <see cref="Stamp"/>, is ordered.</summary>
public enum StampSort
{
    /// <summary>By nothing but its arrival.</summary>
    Arrival = 0,

    /// <summary>By the device's epoch and sequence number.</summary>
    Sequenced = 1,

    /// <summary>By the device's clock.</summary>
    Timed = 2,
}
