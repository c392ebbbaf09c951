using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A household's power meter: a daily wave, the fridge's hum, and a kettle now and then.</summary>
internal sealed class MeterModel : DeviceModel
{
    private const double Day = 86_400;
    private const double KettleEverySeconds = 600;
    private const double KettleSeconds = 120;

    private readonly NumberSetting _limit = new("limit", 6000, 500, 25_000);
    private readonly Random _random;
    private readonly Wander _voltage;
    private readonly Wander _hum;
    private readonly double _phase;
    private readonly double _base;
    private double _elapsed;
    private double _energy;
    private double _kettleLeft;

    public MeterModel(Random random)
    {
        _random = random;
        _voltage = new Wander(random, 1.5, 60);
        _hum = new Wander(random, 60, 45);
        _phase = random.NextDouble() * Day;
        _base = 250 + 400 * random.NextDouble();
        _energy = 1000 + 20_000 * random.NextDouble();
        Settings = [_limit];
    }

    public override IReadOnlyList<DeviceSetting> Settings { get; }

    private double Voltage => 230 + _voltage.Value;

    // Watts.
    private double Power => Math.Clamp(
        _base + _hum.Value + 150 * (1 + Math.Sin(2 * Math.PI * (_elapsed + _phase) / Day)) + (_kettleLeft > 0 ? 2000 : 0),
        5,
        _limit.Value);

    public override void Step(double seconds)
    {
        _elapsed += seconds;
        _voltage.Step(seconds);
        _hum.Step(seconds);
        _kettleLeft = Math.Max(0, _kettleLeft - seconds);
        if (_random.NextDouble() < 1 - Math.Exp(-seconds / KettleEverySeconds))
        {
            _kettleLeft = KettleSeconds;
        }

        _energy += Power * seconds / 3_600_000;
    }

    public override void WriteValues(Utf8JsonWriter writer)
    {
        writer.WriteNumber("voltage", Math.Round(Voltage, 1));
        writer.WriteNumber("current", Math.Round(Power / Voltage, 2));
        writer.WriteNumber("power", Math.Round(Power, 1));
        writer.WriteNumber("energy", Math.Round(_energy, 4));
    }
}
