using System.Text.Json;
using Twins.Simulators.Devices;

namespace Twins.Simulators.LegacyModels;

/// <summary>A model written in code, as devices want one.</summary>
internal sealed class LegacyModel(DeviceModel model, DateTimeOffset start) : IDeviceModel
{
    private DateTimeOffset _now = start;

    public bool HasMoved => true;

    public void Advance(DateTimeOffset now)
    {
        var seconds = (now - _now).TotalSeconds;
        if (seconds > 0)
        {
            model.Step(seconds);
            _now = now;
        }
    }

    public void Write(Utf8JsonWriter writer, ReportScope scope)
    {
        if (scope == ReportScope.Whole)
        {
            foreach (var setting in model.Settings)
            {
                setting.Write(writer);
            }
        }

        model.WriteValues(writer);
    }

    public bool TryTake(string name, JsonElement value) =>
        model.Settings.FirstOrDefault(setting => setting.Name == name)?.TryTake(value) ?? true;

    public void WriteMember(Utf8JsonWriter writer, string name) =>
        model.Settings.FirstOrDefault(setting => setting.Name == name)?.Write(writer);

    public void Stick(string path, bool stuck) => throw new NotSupportedException();

    public void Drift(string path, double unitsAnHour) => throw new NotSupportedException();
}
