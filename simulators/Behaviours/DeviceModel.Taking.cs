using System.Text.Json;
using System.Text;

namespace Twins.Simulators.Behaviours;

internal sealed partial class DeviceModel
{
    // What a device keeps without knowing what it is; a twin's desired section may have 64 KiB.
    private const int MostKept = 65_536;

    /// <inheritdoc/>
    public bool TryTake(string name, JsonElement value) =>
        // All of an object or nothing: half of what was wanted is something nobody wanted.
        Array.Find(_program.Members, member => member.Key == name) is { } known
            ? Take(known, value, really: false) && Take(known, value, really: true)
            : Keep(name, value);

    private bool Take(MemberNode member, JsonElement value, bool really)
    {
        if (member.Property >= 0)
        {
            return Take(member.Property, value, really);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var inner in value.EnumerateObject())
        {
            if (Array.Find(member.Members, candidate => inner.NameEquals(candidate.Key)) is not { } known || !Take(known, inner.Value, really))
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(int property, JsonElement value, bool really)
    {
        var bound = _program.Properties[property];
        if (!bound.Plan.Settable)
        {
            return false;
        }

        switch (bound.Kind)
        {
            case ValueKind.Number when value.ValueKind == JsonValueKind.Number
                && value.TryGetDouble(out var number) && double.IsFinite(number)
                && number >= (bound.Plan.Min ?? double.MinValue) && number <= (bound.Plan.Max ?? double.MaxValue):
                _state[bound.At] = really ? number : _state[bound.At];
                return true;
            case ValueKind.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                _state[bound.At] = really ? (value.GetBoolean() ? 1 : 0) : _state[bound.At];
                return true;
            case ValueKind.Text when value.ValueKind == JsonValueKind.String:
                return TakeText(property, value.GetString()!, really);
            default:
                return false;
        }
    }

    private bool TakeText(int property, string text, bool really)
    {
        var bound = _program.Properties[property];
        if (((SettingBehaviour)bound.Plan.Behaviour).Options is { Count: > 0 } options && !options.Contains(text, StringComparer.Ordinal))
        {
            return false;
        }

        if (really)
        {
            var known = _program.Texts.Find(text);
            _state[bound.At] = known;
            if (known < 0)
            {
                (_texts ??= [])[property] = text;
            }
        }

        return true;
    }

    private bool Keep(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            _kept?.Remove(name);
            return true;
        }

        var bytes = Encoding.UTF8.GetBytes(value.GetRawText());
        _kept ??= new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        if (_kept.Where(kept => kept.Key != name).Sum(static kept => (long)kept.Value.Length) + bytes.Length > MostKept)
        {
            return false;
        }

        _kept[name] = bytes;
        return true;
    }
}
