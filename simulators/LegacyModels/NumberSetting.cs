using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A number within a range.</summary>
internal sealed class NumberSetting(string name, double value, double minimum, double maximum) : DeviceSetting(name)
{
    public double Value { get; private set; } = value;

    public override bool TryTake(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)
            || number < minimum || number > maximum)
        {
            return false;
        }

        Value = number;
        return true;
    }

    public override void Write(Utf8JsonWriter writer) => writer.WriteNumber(Name, Value);
}
