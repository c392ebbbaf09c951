using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A pump that holds a flow; everything else follows from its motor's speed.</summary>
internal sealed class PumpModel : DeviceModel
{
    private const double RoomTemperature = 21;
    private const double RevolutionsPerLitre = 40;

    private readonly NumberSetting _setpoint;
    private readonly SwitchSetting _enabled = new("enabled", true);
    private readonly Wander _flowNoise;
    private readonly Wander _pressureNoise;
    private readonly Wander _vibrationNoise;
    private double _flow;
    private double _temperature = RoomTemperature;

    public PumpModel(Random random)
    {
        // Litres per minute.
        _setpoint = new NumberSetting("setpoint", 25 + 5 * random.Next(6), 0, 120);
        _flowNoise = new Wander(random, 0.4, 20);
        _pressureNoise = new Wander(random, 0.03, 10);
        _vibrationNoise = new Wander(random, 0.08, 5);
        _flow = _setpoint.Value;
        _temperature += Speed / 60;
        Settings = [_setpoint, _enabled];
    }

    public override IReadOnlyList<DeviceSetting> Settings { get; }

    private double Speed => _flow * RevolutionsPerLitre;

    public override void Step(double seconds)
    {
        _flow = Wander.Approach(_flow, _enabled.On ? _setpoint.Value : 0, seconds, 5);
        _temperature = Wander.Approach(_temperature, RoomTemperature + Speed / 60, seconds, 300);
        _flowNoise.Step(seconds);
        _pressureNoise.Step(seconds);
        _vibrationNoise.Step(seconds);
    }

    public override void WriteValues(Utf8JsonWriter writer)
    {
        // A pump at rest is silent: the noise is that of the flow.
        var running = Math.Min(1, _flow / 5);
        writer.WriteNumber("flow", Math.Round(Math.Max(0, _flow + running * _flowNoise.Value), 2));
        writer.WriteNumber("pressure", Math.Round(Math.Max(0, running * (1.2 + _pressureNoise.Value) + 0.0006 * _flow * _flow), 3));
        writer.WriteNumber("temperature", Math.Round(_temperature, 2));
        writer.WriteNumber("vibration", Math.Round(Math.Max(0, running * (0.8 + _vibrationNoise.Value) + Speed / 2000), 3));
        writer.WriteStartObject("motor");
        writer.WriteNumber("rpm", Math.Round(Math.Max(0, Speed + running * _flowNoise.Value * RevolutionsPerLitre)));
        writer.WriteEndObject();
    }
}
