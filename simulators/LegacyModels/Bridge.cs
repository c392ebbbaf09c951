using Twins.Simulators.Devices;
using Twins.Simulators.Plans;

namespace Twins.Simulators.LegacyModels;

/// <summary>Kinds that are written in code: a plan of them, and their models.</summary>
internal static class Bridge
{
    /// <summary>The names of the kinds there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. DeviceKind.All.Select(kind => kind.Name)];

    /// <summary>So many devices, dealt out in turn.</summary>
    public static FleetPlan Plan(IReadOnlyList<string> kinds, int devices, TimeSpan interval, string prefix) => new()
    {
        Name = string.Join(',', kinds),
        Namespace = prefix,
        Kinds = [.. kinds
            .Select((kind, index) => new KindPlan
            {
                Name = kind,
                Count = devices / kinds.Count + (index < devices % kinds.Count ? 1 : 0),
                Properties = [],
                Report = new ReportPlan { Interval = interval },
            })
            .Where(kind => kind.Count > 0)],
    };

    /// <summary>A model; all devices of a kind are alike but for their randomness.</summary>
    public static IDeviceModel Model(KindPlan kind, int _, Random random, DateTimeOffset start) =>
        new LegacyModel(DeviceKind.All.Single(candidate => candidate.Name == kind.Name).Create(random), start);
}
