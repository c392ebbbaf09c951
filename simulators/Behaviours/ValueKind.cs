namespace Twins.Simulators.Behaviours;

/// <summary>What a property's value is. All are kept as numbers, so that a device's state is one array.</summary>
internal enum ValueKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>0 or 1.</summary>
    Boolean,

    /// <summary>An index into the kind's table of texts; less than 0: a text of the device's own.</summary>
    Text,

    /// <summary>Two numbers side by side, latitude and longitude in degrees.</summary>
    Position,
}
