using System.Globalization;

namespace Twins.Simulators.Mqtt;

/// <summary>Gives connections their MQTT client ids: a device's own is its twin id, a gateway's must be nobody's twin id.</summary>
internal sealed class ClientIds(IEnumerable<string> twinIds)
{
    private readonly HashSet<string> _taken = new(twinIds, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _gateways = new(StringComparer.Ordinal);

    public string Of(IReadOnlyList<DeviceSession> devices)
    {
        if (devices.Count == 1)
        {
            return devices[0].Id;
        }

        var first = devices[0].Id;
        var colon = first.IndexOf(':', StringComparison.Ordinal);
        var prefix = first[..(colon + 1)];
        string id;
        do
        {
            var number = _gateways[prefix] = _gateways.GetValueOrDefault(prefix) + 1;
            id = string.Create(CultureInfo.InvariantCulture, $"{prefix}gateway-{number}");
        }
        while (_taken.Contains(id));

        return id;
    }
}
