using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A property of a device that applications may set.</summary>
internal abstract class DeviceSetting(string name)
{
    public string Name { get; } = name;

    /// <summary>Takes the value, unless the device cannot.</summary>
    public abstract bool TryTake(JsonElement value);

    /// <summary>Writes the setting as a member of the current object.</summary>
    public abstract void Write(Utf8JsonWriter writer);
}
