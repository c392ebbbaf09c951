using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>What can be done to a device. All spans are of the fleet's clock.</summary>
internal interface IFaultTarget
{
    /// <summary>Ends the connection without a word.</summary>
    /// <param name="kind">What it is counted as.</param>
    /// <param name="away">How long the device stays away; null: until its back-off is over.</param>
    void Cut(FaultKind kind, TimeSpan? away);

    /// <summary>Nothing passes the connection for so long; null: until a device notices by itself.</summary>
    void Freeze(TimeSpan? span);

    /// <summary>Each message to the device takes so long to be read; zero: no time.</summary>
    void Slow(TimeSpan perMessage);

    /// <summary>The device's clock is off by so many seconds; 0: it is right.</summary>
    void Skew(double seconds);

    /// <summary>The property keeps its value, or measures again.</summary>
    void Stick(string property, bool stuck);

    /// <summary>The property is off by so much more each hour; 0: as it should be.</summary>
    void Drift(string property, double unitsAnHour);
}
