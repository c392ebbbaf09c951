using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>
/// The physics of one device. Time passes only through <see cref="Step"/>, so that the same seed and the same steps
/// give the same values whatever the clock does.
/// </summary>
internal abstract class DeviceModel
{
    /// <summary>What applications may set.</summary>
    public abstract IReadOnlyList<DeviceSetting> Settings { get; }

    /// <summary>Lets so many seconds pass.</summary>
    public abstract void Step(double seconds);

    /// <summary>Writes what the device measures now, as members of the current object.</summary>
    public abstract void WriteValues(Utf8JsonWriter writer);
}
