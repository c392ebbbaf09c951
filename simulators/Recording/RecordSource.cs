namespace Twins.Simulators.Recording;

/// <summary>From which topics is recorded.</summary>
internal enum RecordSource
{
    /// <summary>Whichever of the two something comes from first.</summary>
    Auto,

    /// <summary>What devices publish, <c>twins/+/reported/#</c>: on a broker between devices and platform.</summary>
    Devices,

    /// <summary>What the platform tells applications, <c>twins/+/events/+</c>: on its gateway, which hands no device's messages to others.</summary>
    Events,
}
