using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A room whose temperature approaches the setpoint while it is heated, and the weather while it is not.</summary>
internal sealed class ThermostatModel : DeviceModel
{
    private const double Day = 86_400;
    private const double Hysteresis = 0.2;

    private readonly NumberSetting _setpoint;
    private readonly SwitchSetting _enabled = new("enabled", true);
    private readonly Wander _humidity;
    private readonly Wander _draught;
    private readonly double _phase;
    private double _temperature;
    private double _battery;
    private double _elapsed;
    private bool _heating;

    public ThermostatModel(Random random)
    {
        // Degrees Celsius.
        _setpoint = new NumberSetting("setpoint", 18 + random.Next(9) * 0.5, 5, 30);
        _humidity = new Wander(random, 4, 600);
        _draught = new Wander(random, 0.08, 30);
        _phase = random.NextDouble() * Day;
        _temperature = 16 + 4 * random.NextDouble();
        _battery = 70 + 30 * random.NextDouble();
        Settings = [_setpoint, _enabled];
    }

    public override IReadOnlyList<DeviceSetting> Settings { get; }

    private double Outside => 9 + 6 * Math.Sin(2 * Math.PI * (_elapsed + _phase) / Day);

    public override void Step(double seconds)
    {
        _elapsed += seconds;
        if (!_enabled.On || _temperature > _setpoint.Value + Hysteresis)
        {
            _heating = false;
        }
        else if (_temperature < _setpoint.Value - Hysteresis)
        {
            _heating = true;
        }

        // The radiator aims a little above the setpoint, or it would never reach it.
        _temperature = _heating
            ? Wander.Approach(_temperature, _setpoint.Value + 2, seconds, 120)
            : Wander.Approach(_temperature, Outside, seconds, 3600);
        _battery = Math.Max(0, _battery - seconds / (Day * 10));
        _humidity.Step(seconds);
        _draught.Step(seconds);
    }

    public override void WriteValues(Utf8JsonWriter writer)
    {
        writer.WriteNumber("temperature", Math.Round(_temperature + _draught.Value, 2));
        writer.WriteNumber("humidity", Math.Round(Math.Clamp(45 + _humidity.Value, 5, 95), 1));
        writer.WriteBoolean("heating", _heating);
        writer.WriteNumber("battery", Math.Round(_battery, 1));
    }
}
