using System.Text.Json;
using Twins.Simulators.Devices;

namespace Twins.Simulators.Tests;

/// <summary>
/// A pump whose flow counts its moments and whose motor's speed is random, so that a sequence of reports tells which
/// moments it was made at. It takes a setpoint from 0 to 120, and keeps what it does not know.
/// </summary>
internal sealed class FakeModel(int serial, Random random) : IDeviceModel
{
    private readonly Dictionary<string, JsonElement> _kept = new(StringComparer.Ordinal);
    private long _moments;
    private int _rpm;
    private double _setpoint = 40;
    private double _limit = 100;
    private bool _stuck;
    private double _drift;
    private DateTimeOffset _now;
    private DateTimeOffset _driftsSince;

    public List<DateTimeOffset> Moments { get; } = [];

    // Every third moment.
    public bool HasMoved => _moments % 3 == 0;

    public void Advance(DateTimeOffset now)
    {
        Moments.Add(now);
        _now = now;
        _moments++;
        var rpm = random.Next(1000, 2000);
        _rpm = _stuck ? _rpm : rpm;
    }

    public void Write(Utf8JsonWriter writer, ReportScope scope)
    {
        if (scope == ReportScope.Whole)
        {
            writer.WriteNumber("device", serial);
            writer.WriteNumber("setpoint", _setpoint);
        }

        writer.WriteNumber("flow", _moments + _drift * (_now - _driftsSince).TotalHours);
        if (scope != ReportScope.Moved)
        {
            WriteMotor(writer);
        }
    }

    public bool TryTake(string name, JsonElement value)
    {
        switch (name)
        {
            case "setpoint" when value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 120:
                _setpoint = value.GetDouble();
                return true;
            case "setpoint":
                return false;
            case "motor":
                _limit = value.TryGetProperty("limit", out var limit) ? limit.GetDouble() : _limit;
                return true;
            default:
                _kept[name] = value.Clone();
                return true;
        }
    }

    public void WriteMember(Utf8JsonWriter writer, string name)
    {
        switch (name)
        {
            case "flow":
                writer.WriteNumber(name, _moments);
                break;
            case "setpoint":
                writer.WriteNumber(name, _setpoint);
                break;
            case "motor":
                WriteMotor(writer);
                break;
            default:
                if (_kept.TryGetValue(name, out var kept))
                {
                    writer.WritePropertyName(name);
                    kept.WriteTo(writer);
                }

                break;
        }
    }

    public void Stick(string path, bool stuck) => _stuck = path == "motor/rpm" ? stuck : throw new ArgumentException(path, nameof(path));

    public void Drift(string path, double unitsAnHour) =>
        (_drift, _driftsSince) = path == "flow" ? (unitsAnHour, _now) : throw new ArgumentException(path, nameof(path));

    private void WriteMotor(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("motor");
        writer.WriteNumber("rpm", _rpm);
        writer.WriteNumber("limit", _limit);
        writer.WriteEndObject();
    }
}
