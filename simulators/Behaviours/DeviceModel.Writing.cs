using System.Text.Json;
using Twins.Simulators.Devices;

namespace Twins.Simulators.Behaviours;

internal sealed partial class DeviceModel
{
    // About a tenth of a metre.
    private const int PositionDecimals = 6;

    // Differences of rounded numbers are off by their last bits.
    private const double Rounding = 1e-9;

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer, ReportScope scope)
    {
        foreach (var member in _program.Members)
        {
            Write(writer, member, scope);
        }

        if (scope == ReportScope.Whole && _kept is not null)
        {
            foreach (var name in _kept.Keys)
            {
                WriteMember(writer, name);
            }
        }
    }

    /// <inheritdoc/>
    public void WriteMember(Utf8JsonWriter writer, string name)
    {
        if (Array.Find(_program.Members, member => member.Key == name) is { } known)
        {
            Write(writer, known, ReportScope.Whole);
        }
        else if (_kept?.GetValueOrDefault(name) is { } kept)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(kept, skipInputValidation: true);
        }
    }

    private void Write(Utf8JsonWriter writer, MemberNode member, ReportScope scope)
    {
        if (!Has(member, scope))
        {
            return;
        }

        if (member.Property >= 0)
        {
            writer.WritePropertyName(member.Name);
            WriteValue(writer, member.Property);
            return;
        }

        writer.WriteStartObject(member.Name);
        foreach (var inner in member.Members)
        {
            Write(writer, inner, scope);
        }

        writer.WriteEndObject();
    }

    private bool Has(MemberNode member, ReportScope scope)
    {
        if (member.Property >= 0)
        {
            return scope switch
            {
                ReportScope.Whole => true,
                ReportScope.Measured => !_program.Properties[member.Property].Plan.Settable,
                _ => Moved(member.Property),
            };
        }

        foreach (var inner in member.Members)
        {
            if (Has(inner, scope))
            {
                return true;
            }
        }

        return false;
    }

    private void WriteValue(Utf8JsonWriter writer, int property)
    {
        var bound = _program.Properties[property];
        var value = _reported[property] = Read(property, 0);
        switch (bound.Kind)
        {
            case ValueKind.Number:
                writer.WriteNumberValue(value);
                break;
            case ValueKind.Boolean:
                writer.WriteBooleanValue(value != 0);
                break;
            case ValueKind.Text when value < 0:
                writer.WriteStringValue(_texts![property]);
                break;
            case ValueKind.Text:
                writer.WriteStringValue(_program.Texts[(int)value]);
                break;
            default:
                var second = _reported[_program.SecondOf(property)] = Read(property, 1);
                writer.WriteStartObject();
                writer.WriteNumber("lat", value);
                writer.WriteNumber("lon", second);
                writer.WriteEndObject();
                break;
        }
    }
}
