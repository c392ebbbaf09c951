using System.Text.Json;

namespace Twins.Simulators.LegacyModels;

/// <summary>A truck driving about: its heading wanders, its speed approaches the limit.</summary>
internal sealed class TruckModel : DeviceModel
{
    private const double MetresPerDegree = 111_320;
    private const double TankLitres = 600;

    private readonly NumberSetting _speedLimit = new("speedLimit", 80, 0, 90);
    private readonly Wander _turn;
    private readonly Wander _traffic;
    private double _latitude;
    private double _longitude;
    private double _heading;
    private double _speed;
    private double _odometer;
    private double _fuel;

    public TruckModel(Random random)
    {
        // Somewhere around Rotterdam.
        _latitude = 51.9 + 0.5 * (random.NextDouble() - 0.5);
        _longitude = 4.5 + 0.8 * (random.NextDouble() - 0.5);
        _heading = 360 * random.NextDouble();
        _odometer = Math.Round(400_000 * random.NextDouble());
        _fuel = TankLitres * (0.3 + 0.7 * random.NextDouble());
        _turn = new Wander(random, 2, 20);
        _traffic = new Wander(random, 8, 60);
        Settings = [_speedLimit];
    }

    public override IReadOnlyList<DeviceSetting> Settings { get; }

    public override void Step(double seconds)
    {
        // Traffic only slows down: nobody drives beyond the limit here.
        var target = Math.Max(0, _speedLimit.Value - Math.Abs(_traffic.Step(seconds)));
        _speed = Wander.Approach(_speed, target, seconds, 15);
        _heading = (_heading + _turn.Step(seconds) * Math.Min(seconds, 10) + 360) % 360;

        var metres = _speed / 3.6 * seconds;
        var radians = _heading * Math.PI / 180;
        _latitude = Math.Clamp(_latitude + metres * Math.Cos(radians) / MetresPerDegree, -85, 85);
        _longitude += metres * Math.Sin(radians) / (MetresPerDegree * Math.Cos(_latitude * Math.PI / 180));
        _odometer += metres / 1000;

        // 28 litres per 100 km, and a full tank when it is nearly empty.
        _fuel -= metres / 1000 * 0.28;
        if (_fuel < TankLitres * 0.05)
        {
            _fuel = TankLitres;
        }
    }

    public override void WriteValues(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("position");
        writer.WriteNumber("lat", Math.Round(_latitude, 6));
        writer.WriteNumber("lon", Math.Round(_longitude, 6));
        writer.WriteEndObject();
        writer.WriteNumber("speed", Math.Round(_speed, 1));
        writer.WriteNumber("heading", Math.Round(_heading));
        writer.WriteNumber("odometer", Math.Round(_odometer, 2));
        writer.WriteNumber("fuel", Math.Round(_fuel, 1));
    }
}
