namespace Twins.Simulators.Behaviours;

/// <summary>What is wrong with the sensor of one property: the value is right, its reading is not.</summary>
internal sealed class SensorFault
{
    public bool Stuck { get; set; }

    /// <summary>While stuck: what is read; of a position both numbers.</summary>
    public (double First, double Second) Reading { get; set; }

    public double UnitsAnHour { get; set; }

    /// <summary>How far off it is by now.</summary>
    public double Offset { get; set; }
}
