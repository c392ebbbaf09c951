using System.Text.Json;

namespace Twins.Simulators.Devices;

/// <summary>
/// What one device measures and can be set to. Time passes only through <see cref="Advance"/>, and randomness comes only
/// from its seed, so that the same seed and the same moments give the same values. Not safe for several threads.
/// </summary>
internal interface IDeviceModel
{
    /// <summary>Lets time pass until then, by the fleet's clock.</summary>
    void Advance(DateTimeOffset now);

    /// <summary>Whether a property has moved beyond its dead band since it was last written.</summary>
    bool HasMoved { get; }

    /// <summary>Writes properties as members of the current object, and remembers them as reported.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="scope">Which.</param>
    void Write(Utf8JsonWriter writer, ReportScope scope);

    /// <summary>
    /// Takes what is desired of a property, a value or an object of them. False where the device can not take it: it is no
    /// value for it. What it knows nothing of it keeps.
    /// </summary>
    bool TryTake(string name, JsonElement value);

    /// <summary>Writes one member as it is now, settable or not; nothing where the device knows none of that name.</summary>
    void WriteMember(Utf8JsonWriter writer, string name);

    /// <summary>From now on the property keeps its value; or measures again.</summary>
    void Stick(string path, bool stuck);

    /// <summary>From now on the property is off by so much more each hour; 0: as it should be again.</summary>
    void Drift(string path, double unitsAnHour);
}
