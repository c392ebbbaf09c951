namespace Twins.Simulators.LegacyModels;

/// <summary>A kind of simulated device.</summary>
internal sealed class DeviceKind
{
    private readonly Func<Random, DeviceModel> _create;

    private DeviceKind(string name, Func<Random, DeviceModel> create)
    {
        Name = name;
        _create = create;
    }

    /// <summary>A pump that holds a flow: motor speed, pressure, vibration, temperature.</summary>
    public static DeviceKind Pump { get; } = new("pump", static random => new PumpModel(random));

    /// <summary>A room's thermostat that approaches its setpoint.</summary>
    public static DeviceKind Thermostat { get; } = new("thermostat", static random => new ThermostatModel(random));

    /// <summary>A household's power meter, with a limit.</summary>
    public static DeviceKind Meter { get; } = new("meter", static random => new MeterModel(random));

    /// <summary>A truck on the road: position, speed, fuel.</summary>
    public static DeviceKind Truck { get; } = new("truck", static random => new TruckModel(random));

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<DeviceKind> All { get; } = [Pump, Thermostat, Meter, Truck];

    /// <summary>The name, as it stands in twin ids.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A device's physics, which draw from this randomness alone.</summary>
    internal DeviceModel Create(Random random) => _create(random);
}
