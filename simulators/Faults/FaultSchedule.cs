using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Faults;

/// <summary>
/// The faults of a plan, and which devices each strikes: the same ones for the same plan and seed. What concerns the
/// connection strikes whole connections, and all devices on them.
/// </summary>
internal sealed class FaultSchedule
{
    private readonly FleetPlan _plan;
    private readonly int _seed;

    // For each fault, the connections or devices it strikes.
    private readonly HashSet<int>[] _struck;

    /// <summary>Chooses whom the faults strike.</summary>
    /// <param name="plan">The fleet and its faults.</param>
    /// <param name="seed">Where the randomness starts.</param>
    /// <param name="devices">The devices of the fleet.</param>
    public FaultSchedule(FleetPlan plan, int seed, IReadOnlyList<RollEntry> devices)
    {
        _plan = plan;
        _seed = seed;
        _struck = [.. plan.Faults.Select((fault, index) => Choose(fault, index, devices))];
    }

    /// <summary>What strikes a device; null: nothing.</summary>
    /// <param name="device">Its index in the fleet.</param>
    /// <param name="connection">The number of its connection.</param>
    public DeviceFaults? Of(int device, int connection)
    {
        List<Fault>? faults = null;
        for (var index = 0; index < _struck.Length; index++)
        {
            var fault = _plan.Faults[index];
            var unit = OfConnections(fault.Kind) ? connection : device;
            if (_struck[index].Contains(unit))
            {
                (faults ??= []).Add(Create(fault, Seeds.Stream(_seed, unit, Seeds.Faults + index)));
            }
        }

        return faults is null ? null : new DeviceFaults(faults);
    }

    private static bool OfConnections(FaultKind kind) =>
        kind is FaultKind.Disconnect or FaultKind.Flap or FaultKind.HalfOpen or FaultKind.Slow;

    private static Fault Create(FaultPlan fault, RandomStream random) => fault.Kind switch
    {
        FaultKind.Disconnect => new DisconnectFault(fault, random),
        FaultKind.Flap => new FlapFault(fault),
        FaultKind.HalfOpen => new HalfOpenFault(fault, random),
        FaultKind.Slow => new SlowFault(fault),
        FaultKind.Skew => new SkewFault(fault),
        FaultKind.Stuck => new StuckFault(fault),
        FaultKind.Drift => new DriftFault(fault),
        _ => new MessageFault(fault, random),
    };

    private HashSet<int> Choose(FaultPlan fault, int index, IReadOnlyList<RollEntry> devices)
    {
        var units = new List<int>();
        for (var device = 0; device < devices.Count; device++)
        {
            var (_, kind, _, connection) = devices[device];
            var unit = OfConnections(fault.Kind) ? connection : device;

            // The devices of a connection stand next to each other.
            if ((fault.Kinds.Count == 0 || fault.Kinds.Contains(kind.Name)) && (units.Count == 0 || units[^1] != unit))
            {
                units.Add(unit);
            }
        }

        // Where a share of a small fleet would be nobody, somebody is struck: that is what the fault was written for.
        var wanted = fault.Share <= 0 ? 0 : (int)Math.Max(1, Math.Round(fault.Share * units.Count, MidpointRounding.AwayFromZero));
        if (wanted >= units.Count)
        {
            return [.. units];
        }

        // Of no device, therefore -1. The first so many of a shuffle.
        var random = Seeds.Stream(_seed, -1, Seeds.Faults + index);
        for (var chosen = 0; chosen < wanted; chosen++)
        {
            var other = chosen + random.Next(units.Count - chosen);
            (units[chosen], units[other]) = (units[other], units[chosen]);
        }

        return [.. units.Take(wanted)];
    }
}
