using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>Something that is on or off.</summary>
internal sealed class SwitchSetting(string name, bool on) : DeviceSetting(name)
{
    public bool On { get; private set; } = on;

    public override bool TryTake(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return false;
        }

        On = value.GetBoolean();
        return true;
    }

    public override void Write(Utf8JsonWriter writer) => writer.WriteBoolean(Name, On);
}
